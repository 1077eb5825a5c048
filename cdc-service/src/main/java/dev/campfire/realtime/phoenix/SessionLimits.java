package dev.campfire.realtime.phoenix;

import java.time.Duration;

/**
 * What one socket may do, whoever it belongs to.
 *
 * @param jsonDepth how deeply a message's arrays and objects may be nested
 * @param withoutChannel how long a socket may stay open that has joined nothing
 * @param joining how long a join may take before it is refused: less than clients wait
 */
public record SessionLimits(int jsonDepth, Duration withoutChannel, Duration joining) {

    /** Ten minutes without a channel, as Supabase has it; its clients wait ten seconds for the answer to a join. */
    public static final SessionLimits DEFAULT = new SessionLimits(200, Duration.ofMinutes(10), Duration.ofSeconds(9));

    public SessionLimits {
        if (jsonDepth < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
