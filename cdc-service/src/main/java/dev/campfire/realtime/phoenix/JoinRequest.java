package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code phx_join} asks for. Values of another type than the protocol's count as absent and reject nothing; keys
 * that are not known are ignored.
 *
 * @param ack whether broadcasts are to be answered
 * @param self whether the sender gets its own broadcasts
 * @param isPrivate whether the private side of the channel is meant
 * @param awaitsReplication whether the client wants to be told that the stream is read
 * @param replay what is to be replayed, null for nothing
 * @param resume where the client goes on, null when it does not
 * @param wantsSequences whether heartbeats are to be answered with the number of the channel's last event
 * @param throttle how seldom it wants to hear of typing and presence; null for as it comes
 * @param presence what it asks of presence
 * @param changes what it asks of {@code postgres_changes}
 * @param accessToken the token that came along, null when none did
 * @param userToken the same under its old name, which goes first
 */
record JoinRequest(
        boolean ack,
        boolean self,
        boolean isPrivate,
        boolean awaitsReplication,
        @Nullable Replay replay,
        @Nullable Resume resume,
        boolean wantsSequences,
        @Nullable Throttle throttle,
        Presence presence,
        Changes changes,
        @Nullable String accessToken,
        @Nullable String userToken) {

    /** The start of keys that are no JWTs and say nothing about who is joining. */
    static final String OPAQUE_KEY = "sb_";

    /**
     * What a join wants to see again.
     *
     * @param since milliseconds since 1970; null when it is none
     * @param limit how many messages at most
     */
    record Replay(@Nullable Long since, int limit) {

        private static final int MOST = 25;

        static @Nullable Replay of(JsonNode replay) {
            if (!replay.isObject()) {
                return null;
            }
            JsonNode since = replay.path("since");
            JsonNode limit = replay.path("limit");
            boolean isGood = since.isIntegralNumber()
                    && since.canConvertToLong()
                    && (limit.isMissingNode() || limit.isNull() || limit.isIntegralNumber());
            int most = limit.isIntegralNumber() ? (int) Math.clamp(limit.asLong(), 1, MOST) : MOST;
            return new Replay(isGood ? since.longValue() : null, most);
        }
    }

    /**
     * Where a client goes on.
     *
     * @param after the {@code meta.id} of the last event that it has; null when it has none and only wants to be told
     */
    record Resume(@Nullable String after) {

        private static final int LONGEST = 64;

        static @Nullable Resume of(JsonNode resume) {
            if (!resume.isObject()) {
                return null;
            }
            String after = text(resume.path("after"));
            // What is too long is the id of nothing; it is looked for all the same, and not found.
            return new Resume(after == null || after.length() <= LONGEST ? after : after.substring(0, LONGEST));
        }
    }

    /**
     * How seldom a client wants to hear of what is overtaken by what follows.
     *
     * @param window within which it hears the latest of each once; null when it is none
     */
    record Throttle(@Nullable Duration window) {

        static final long SHORTEST = 10;
        static final long LONGEST = 60_000;

        static @Nullable Throttle of(JsonNode millis) {
            if (millis.isMissingNode() || millis.isNull()) {
                return null;
            }
            boolean isGood = millis.isIntegralNumber()
                    && millis.canConvertToLong()
                    && millis.longValue() >= SHORTEST
                    && millis.longValue() <= LONGEST;
            return new Throttle(isGood ? Duration.ofMillis(millis.longValue()) : null);
        }
    }

    /**
     * @param isEnabled whether the client wants to know who is present
     * @param key under which it is present itself
     */
    record Presence(boolean isEnabled, String key) {

        static Presence of(JsonNode config) {
            JsonNode presence = config.path("presence");
            JsonNode key = presence.path("key");
            String text = key.isTextual() || key.isNumber() ? key.asText() : "";
            return new Presence(
                    isEnabled(config, presence),
                    text.isEmpty() ? UUID.randomUUID().toString() : text);
        }

        /**
         * Clients before realtime-js 2.12 know no such flag. They expect to be told always, and keep all diffs aside for
         * ever when the state does not come. They are known by what they always send.
         */
        private static boolean isEnabled(JsonNode config, JsonNode presence) {
            boolean isOldClient = !presence.has("enabled")
                    && presence.path("key").isTextual()
                    && config.path("broadcast").isObject()
                    && config.path("postgres_changes").isArray();
            return isOldClient || flag(presence.path("enabled"));
        }
    }

    /**
     * @param entries the objects as they were sent; empty when there are none
     * @param isLegacy whether the entry was made from the topic, for a join without a config
     * @param waits whether the join is to be refused when the subscription is not possible
     * @param timeout how long it may take then
     * @param explains whether the client wants to be told what is withheld
     * @param leaves whether it wants to be told of rows that an UPDATE takes out of its sight
     */
    record Changes(
            List<JsonNode> entries,
            boolean isLegacy,
            boolean waits,
            Duration timeout,
            boolean explains,
            boolean leaves) {

        private static final long DEFAULT_TIMEOUT = 15_000;
        private static final long LONGEST_TIMEOUT = 20_000;

        static Changes of(JsonNode config) {
            List<JsonNode> entries = new ArrayList<>();
            JsonNode list = config.path("postgres_changes");
            if (list.isArray()) {
                list.forEach(entry -> {
                    if (entry.isObject()) {
                        entries.add(entry);
                    }
                });
            }
            JsonNode options = config.path("postgres_changes_options");
            long timeout = options.path("timeout").asLong(DEFAULT_TIMEOUT);
            return new Changes(
                    List.copyOf(entries),
                    false,
                    flag(options.path("wait")),
                    Duration.ofMillis(Math.clamp(timeout, 1, LONGEST_TIMEOUT)),
                    flag(options.path("explain")),
                    flag(options.path("leave")));
        }

        /** The one subscription that the topic of an old client stands for: {@code schema:table:filter}. */
        static Changes ofLegacy(String subTopic) {
            String[] parts = subTopic.split(":", 3);
            ObjectNode entry =
                    JsonNodeFactory.instance.objectNode().put("event", "*").put("schema", parts[0]);
            if (parts.length > 1) {
                entry.put("table", parts[1]);
            }
            if (parts.length > 2) {
                entry.put("filter", parts[2]);
            }
            return new Changes(List.of(entry), true, false, Duration.ofMillis(DEFAULT_TIMEOUT), false, false);
        }

        boolean areWanted() {
            return !entries.isEmpty();
        }
    }

    /**
     * @param subTopic the topic without {@code realtime:}
     * @param isStandard whether it is a channel of the unified standard, which is no old way to name a table
     */
    static JoinRequest of(JsonNode payload, String subTopic, boolean isStandard) {
        JsonNode config = payload.path("config");
        JsonNode broadcast = config.path("broadcast");
        boolean isLegacy = payload.isObject() && config.isMissingNode() && !isStandard && !subTopic.isEmpty();
        return new JoinRequest(
                flag(broadcast.path("ack")),
                flag(broadcast.path("self")),
                flag(config.path("private")),
                flag(broadcast.path("replication_ready")),
                Replay.of(broadcast.path("replay")),
                Resume.of(own(config, "resume")),
                flag(own(config, "sequences")),
                Throttle.of(own(config, "throttle_ms")),
                Presence.of(config),
                isLegacy ? Changes.ofLegacy(subTopic) : Changes.of(config),
                text(payload.path("access_token")),
                text(payload.path("user_token")));
    }

    /**
     * What this service alone understands stands in {@code config}, or in {@code config.broadcast}: supabase-js sends of the
     * one only what it knows, but the other as it is.
     */
    private static JsonNode own(JsonNode config, String name) {
        JsonNode direct = config.path(name);
        return direct.isMissingNode() ? config.path("broadcast").path(name) : direct;
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
}
