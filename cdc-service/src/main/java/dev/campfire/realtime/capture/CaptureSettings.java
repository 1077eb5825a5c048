package dev.campfire.realtime.capture;

import java.time.Duration;

/**
 * What is captured, and how much may lie between Postgres and the sink.
 *
 * @param database where
 * @param publication the publication's name
 * @param slot the replication slot's name; created when it is missing
 * @param firstRetry how long the supervisor waits after the first failure
 * @param longestRetry how long it waits at most; waits double between the two
 */
public record CaptureSettings(
        DatabaseSettings database, String publication, String slot, Duration firstRetry, Duration longestRetry) {

    public static final String DEFAULT_PUBLICATION = "supabase_realtime";
    public static final String DEFAULT_SLOT = "campfire_realtime";

    public CaptureSettings {
        if (!isSlotName(slot)) {
            throw new IllegalArgumentException("A slot's name has 1 to 63 of the characters a-z, 0-9 and _: " + slot);
        }
    }

    /** Whether Postgres takes this as the name of a replication slot. */
    public static boolean isSlotName(String name) {
        return name.matches("[a-z0-9_]{1,63}");
    }

    /** The settings with the defaults for everything but the place. */
    public static CaptureSettings of(DatabaseSettings database) {
        return new CaptureSettings(
                database, DEFAULT_PUBLICATION, DEFAULT_SLOT, Duration.ofMillis(100), Duration.ofSeconds(10));
    }
}
