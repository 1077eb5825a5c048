package dev.campfire.realtime.access;

import dev.campfire.realtime.identity.Claims;

/** Says who may read which private channel. Safe for use by several threads. */
@FunctionalInterface
public interface ChannelPolicy {

    /** Nobody may: what holds until somebody has written a policy. */
    ChannelPolicy DENY_ALL = (claims, channel) -> false;

    /**
     * Whether the holder of these claims may read the channel.
     *
     * @param channel the channel's name, without {@code realtime:}
     */
    boolean mayRead(Claims claims, String channel);
}
