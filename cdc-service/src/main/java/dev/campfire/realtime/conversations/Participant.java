package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.identity.Claims;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param claims from a verified token
 * @param headers the {@code x-*} headers of the call, as a JSON object
 */
public record Participant(Claims claims, String headers) {

    /** The id that a caller wrote; null for what is none. */
    public static @Nullable UUID idOf(String text) {
        return Fields.uuidOf(text);
    }

    /** The caller as the policies of a channel see them. */
    ChannelUser at(String topic) {
        return new ChannelUser(claims, topic, headers);
    }

    /** Whether it is a visitor of the widget; everybody else speaks for the organisation. */
    boolean isVisitor() {
        return claims.role().equals("anon");
    }
}
