package dev.campfire.realtime.limits;

import java.time.Duration;

/**
 * What all clients together, or each of them, may do. Rates are averages over a minute, see {@link RateMeter}.
 *
 * @param connectedUsers sockets with at least one joined channel
 * @param channelsPerSocket channels that one socket may have joined at a time
 * @param joinsPerSecond joins of all sockets
 * @param eventsPerSecond broadcasts sent, delivered and posted, of all sockets; {@code postgres_changes} by themselves
 * @param presenceEventsPerSecond presence messages of all sockets
 * @param presenceCalls presence messages of one channel of one socket within the window
 * @param presenceWindow the window
 * @param presenceKeys keys that a tracked object may have
 * @param bytesPerSecond bytes of broadcasts, of all sockets
 * @param payload bytes that a broadcast's event and payload, or a tracked object, may have
 * @param recordBytes bytes that a changed row may have in {@code postgres_changes} before its large values are left out
 * @param isPrivateOnly whether public channels are refused
 * @param isSuspended whether everything is refused
 */
public record TenantLimits(
        int connectedUsers,
        int channelsPerSocket,
        int joinsPerSecond,
        int eventsPerSecond,
        int presenceEventsPerSecond,
        int presenceCalls,
        Duration presenceWindow,
        int presenceKeys,
        long bytesPerSecond,
        int payload,
        int recordBytes,
        boolean isPrivateOnly,
        boolean isSuspended) {

    /** What stands for a limit that is off. */
    public static final int NONE = Integer.MAX_VALUE;

    /** Generous: a self-hoster's machine is not a shared tenant. Sizes and the record's are Supabase's own. */
    public static final TenantLimits DEFAULT = new TenantLimits(
            100_000,
            1_000,
            NONE,
            NONE,
            NONE,
            NONE,
            Duration.ofSeconds(30),
            NONE,
            NONE,
            3_000_500,
            1_048_576,
            false,
            false);

    /** These, with another value. */
    public TenantLimits connectedUsers(int value) {
        return new TenantLimits(
                value,
                channelsPerSocket,
                joinsPerSecond,
                eventsPerSecond,
                presenceEventsPerSecond,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                payload,
                recordBytes,
                isPrivateOnly,
                isSuspended);
    }

    /** These, with another value. */
    public TenantLimits channelsPerSocket(int value) {
        return new TenantLimits(
                connectedUsers,
                value,
                joinsPerSecond,
                eventsPerSecond,
                presenceEventsPerSecond,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                payload,
                recordBytes,
                isPrivateOnly,
                isSuspended);
    }

    /** These, with another value. */
    public TenantLimits joinsPerSecond(int value) {
        return new TenantLimits(
                connectedUsers,
                channelsPerSocket,
                value,
                eventsPerSecond,
                presenceEventsPerSecond,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                payload,
                recordBytes,
                isPrivateOnly,
                isSuspended);
    }

    /** These, with another value. */
    public TenantLimits eventsPerSecond(int value) {
        return new TenantLimits(
                connectedUsers,
                channelsPerSocket,
                joinsPerSecond,
                value,
                presenceEventsPerSecond,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                payload,
                recordBytes,
                isPrivateOnly,
                isSuspended);
    }

    /** These, with another value. */
    public TenantLimits presenceEventsPerSecond(int value) {
        return new TenantLimits(
                connectedUsers,
                channelsPerSocket,
                joinsPerSecond,
                eventsPerSecond,
                value,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                payload,
                recordBytes,
                isPrivateOnly,
                isSuspended);
    }

    /** These, with another value. */
    public TenantLimits payload(int value) {
        return new TenantLimits(
                connectedUsers,
                channelsPerSocket,
                joinsPerSecond,
                eventsPerSecond,
                presenceEventsPerSecond,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                value,
                recordBytes,
                isPrivateOnly,
                isSuspended);
    }

    /** These, with another value. */
    public TenantLimits privateOnly(boolean value) {
        return new TenantLimits(
                connectedUsers,
                channelsPerSocket,
                joinsPerSecond,
                eventsPerSecond,
                presenceEventsPerSecond,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                payload,
                recordBytes,
                value,
                isSuspended);
    }

    /** These, with another value. */
    public TenantLimits suspended(boolean value) {
        return new TenantLimits(
                connectedUsers,
                channelsPerSocket,
                joinsPerSecond,
                eventsPerSecond,
                presenceEventsPerSecond,
                presenceCalls,
                presenceWindow,
                presenceKeys,
                bytesPerSecond,
                payload,
                recordBytes,
                isPrivateOnly,
                value);
    }
}
