package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code phx_join} asks for. Values of another type than the protocol's count as absent and reject nothing; keys
 * that are not known are ignored.
 *
 * @param ack whether broadcasts are to be answered
 * @param self whether the sender gets its own broadcasts
 * @param isPrivate whether the private side of the channel is meant
 * @param wantsPostgresChanges whether there is any {@code postgres_changes} entry
 * @param accessToken the token that came along, null when none did
 * @param userToken the same under its old name, which goes first
 */
record JoinRequest(
        boolean ack,
        boolean self,
        boolean isPrivate,
        boolean wantsPostgresChanges,
        @Nullable String accessToken,
        @Nullable String userToken) {

    /** The start of keys that are no JWTs and say nothing about who is joining. */
    static final String OPAQUE_KEY = "sb_";

    static JoinRequest of(JsonNode payload) {
        JsonNode config = payload.path("config");
        JsonNode broadcast = config.path("broadcast");
        return new JoinRequest(
                flag(broadcast.path("ack")),
                flag(broadcast.path("self")),
                flag(config.path("private")),
                hasEntries(config.path("postgres_changes")),
                text(payload.path("access_token")),
                text(payload.path("user_token")));
    }

    /** The token that this join is judged by. */
    String token(String connectionToken) {
        if (isOpaque(accessToken) || isOpaque(userToken)) {
            return connectionToken;
        }
        if (userToken != null) {
            return userToken;
        }
        return accessToken != null ? accessToken : connectionToken;
    }

    private static boolean isOpaque(@Nullable String token) {
        return token != null && token.startsWith(OPAQUE_KEY);
    }

    private static boolean flag(JsonNode value) {
        return value.isBoolean()
                ? value.booleanValue()
                : value.isTextual() && value.textValue().equalsIgnoreCase("true");
    }

    private static @Nullable String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : null;
    }

    private static boolean hasEntries(JsonNode list) {
        if (list.isArray()) {
            for (JsonNode entry : list) {
                if (!entry.isNull()) {
                    return true;
                }
            }
        }
        return false;
    }
}
