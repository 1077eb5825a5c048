package dev.campfire.realtime.journal;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a journal is, and how much it keeps.
 *
 * @param folder its directory, which nobody else writes to
 * @param age how long entries are kept
 * @param bytes how many bytes of entries are kept, before compression
 */
public record JournalSettings(Path folder, Duration age, long bytes) {

    public static final Duration DEFAULT_AGE = Duration.ofHours(72);
    public static final long DEFAULT_BYTES = 10_000_000_000L;

    /** One with the usual retention. */
    public static JournalSettings in(Path folder) {
        return new JournalSettings(folder, DEFAULT_AGE, DEFAULT_BYTES);
    }
}
