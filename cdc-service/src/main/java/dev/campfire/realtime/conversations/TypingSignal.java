package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.vocabulary.EventName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That somebody types, or has stopped. It is told and forgotten, never written.
 *
 * @param userId who types; of a signed-in user that is the token's subject
 * @param preview what stands in the field so far
 */
public record TypingSignal(
        EventName event,
        String userId,
        @Nullable String userName,
        @Nullable String userType,
        @Nullable String preview) {

    private static final int LONGEST_ID = 255;
    private static final int LONGEST_NAME = 1000;

    private static final List<String> EVENTS =
            List.of(EventName.TYPING_START.text(), EventName.TYPING_STOP.text(), EventName.TYPING_UPDATE.text());

    /**
     * Reads a body: {@code event} by its name, or {@code isTyping} as the older components say it, and who types.
     *
     * @throws Refusal with an entry for each field that is wrong
     */
    public static TypingSignal read(JsonNode body, Participant typist) {
        Fields fields = new Fields(body, Set.of("event", "isTyping", "userId", "userName", "userType", "previewText"));
        EventName event = event(fields);
        String userId = userId(fields, typist);
        String userName = fields.text("userName", LONGEST_NAME);
        String userType = fields.oneOf("userType", List.of("agent", "customer", "ai"));
        String preview = fields.text("previewText", MessageDraft.LONGEST_CONTENT);
        fields.check();
        return new TypingSignal(
                Objects.requireNonNull(event), Objects.requireNonNull(userId), userName, userType, preview);
    }

    private static @Nullable EventName event(Fields fields) {
        String named = fields.oneOf("event", EVENTS);
        Boolean isTyping = fields.flag("isTyping");
        if (named == null && isTyping == null) {
            fields.wrong("event", "is required, or isTyping");
            return null;
        }
        if (named == null) {
            return Boolean.TRUE.equals(isTyping) ? EventName.TYPING_START : EventName.TYPING_STOP;
        }
        if (isTyping != null && isTyping == named.equals(EventName.TYPING_STOP.text())) {
            fields.wrong("isTyping", "must not contradict event");
        }
        return EventName.find(named);
    }

    private static @Nullable String userId(Fields fields, Participant typist) {
        String given = fields.filledText("userId", LONGEST_ID);
        String own = typist.claims().subject();
        boolean isServer = typist.claims().role().equals("service_role");
        if (own == null || isServer) {
            Object visitor = typist.claims().all().get("visitor_id");
            own = isServer || !(visitor instanceof String name) ? null : name;
        }
        if (own == null && given == null) {
            fields.wrong("userId", "is required, because the token names nobody");
        } else if (own != null && given != null && !own.equals(given)) {
            fields.wrong("userId", "must be the one that the token names");
        }
        return own == null ? given : own;
    }

    /** What receivers get. */
    public byte[] payload(UUID organization, UUID conversation, Instant now) {
        ObjectNode payload = JsonNodeFactory.instance
                .objectNode()
                .put("conversationId", conversation.toString())
                .put("organizationId", organization.toString())
                .put("userId", userId);
        if (userName != null) {
            payload.put("userName", userName);
        }
        if (userType != null) {
            payload.put("userType", userType);
        }
        payload.put("isTyping", event != EventName.TYPING_STOP);
        if (preview != null) {
            payload.put("previewText", preview);
        }
        payload.put("timestamp", now.toString());
        return payload.toString().getBytes(StandardCharsets.UTF_8);
    }
}
