package dev.campfire.realtime.access;

import dev.campfire.realtime.identity.Claims;

/**
 * Somebody at a channel, as a policy sees them.
 *
 * @param claims from a verified token
 * @param topic the channel's name as it was joined, without {@code realtime:}
 * @param headers the {@code x-*} headers of the request that opened the socket, as a JSON object
 */
public record ChannelUser(Claims claims, String topic, String headers) {

    /** Written out: what Java makes of a record it assembles at the first join of each start. */
    @Override
    public int hashCode() {
        return 31 * claims.hashCode() + topic.hashCode();
    }
}
