package dev.campfire.realtime.operations;

/**
 * What the service is set up to read from.
 *
 * @param publication a publication's name, as in {@code pg_publication}
 * @param slot a replication slot's name
 */
public record CaptureNames(String publication, String slot) {

    public CaptureNames {
        if (publication.isBlank() || slot.isBlank()) {
            throw new IllegalArgumentException("publication and slot need names");
        }
    }
}
