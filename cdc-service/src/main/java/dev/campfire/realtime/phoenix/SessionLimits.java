package dev.campfire.realtime.phoenix;

/**
 * What one socket may do.
 *
 * @param topics how many topics it may have joined at a time
 * @param payload how many bytes a broadcast's payload and event name may have together
 * @param jsonDepth how deeply a message's arrays and objects may be nested
 */
public record SessionLimits(int topics, int payload, int jsonDepth) {

    /** More topics than Supabase allows (100); its payload of 3000 kB and the 500 bytes it grants on top. */
    public static final SessionLimits DEFAULT = new SessionLimits(1000, 3_000_500, 200);

    public SessionLimits {
        if (topics < 1 || payload < 1 || jsonDepth < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
