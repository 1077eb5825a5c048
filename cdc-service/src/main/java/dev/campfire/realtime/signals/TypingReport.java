package dev.campfire.realtime.signals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.vocabulary.EventName;
import dev.campfire.realtime.vocabulary.LegacyNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody said of somebody's typing. Immutable.
 *
 * @param original as it was said; goes on byte for byte where it is understood so
 * @param named the event, where the spelling has one for each; null where it only says whether somebody types
 * @param payload its fields as they were spelled; not to be changed
 */
public record TypingReport(
        Message original, TypingSpelling spelling, @Nullable EventName named, boolean isTyping, ObjectNode payload) {

    /** What is kept of a field for as long as somebody types. */
    private static final int LONGEST_FIELD = 255;

    private static final byte[] MARK = "typing".getBytes(StandardCharsets.US_ASCII);

    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    /** Reads a message; null when it says nothing of typing. */
    static @Nullable TypingReport read(Message message, boolean understandsLegacy) {
        try {
            return switch (message) {
                case Message.Broadcast(var event, var encoding, var id, var meta, byte[] payload, var position)
                when encoding == Message.Encoding.JSON && event.startsWith("typing") ->
                    read(message, event, JSON.readTree(payload), understandsLegacy);
                case Message.Push(var event, byte[] object, var sequence, var position)
                when event.equals("broadcast") && contains(object, MARK) -> {
                    JsonNode broadcast = JSON.readTree(object);
                    JsonNode name = broadcast.path("event");
                    yield name.isTextual()
                            ? read(message, name.textValue(), broadcast.path("payload"), understandsLegacy)
                            : null;
                }
                default -> null;
            };
        } catch (IOException e) {
            // What can't be read goes on as it is.
            return null;
        }
    }

    private static @Nullable TypingReport read(
            Message message, String event, JsonNode payload, boolean understandsLegacy) {
        ObjectNode fields = payload instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        EventName named = EventName.find(event);
        if (named != null && named.group() == EventName.Group.TYPING) {
            return new TypingReport(message, TypingSpelling.STANDARD, named, named != EventName.TYPING_STOP, fields);
        }
        boolean isLegacy = event.equals(LegacyNames.TYPING) || event.equals(LegacyNames.TYPING_INDICATOR);
        JsonNode flag = TypingSpelling.field(fields, TypingSpelling.CAMEL.flag());
        if (!understandsLegacy || !isLegacy || !flag.isBoolean()) {
            return null;
        }
        TypingSpelling spelling = event.equals(LegacyNames.TYPING) ? TypingSpelling.CAMEL : TypingSpelling.SNAKE;
        return new TypingReport(message, spelling, null, flag.booleanValue(), fields);
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int start = 0; start <= text.length - part.length; start++) {
            int same = 0;
            while (same < part.length && text[start + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return true;
            }
        }
        return false;
    }

    /** Who types, as the report names them; null when it names nobody. */
    @Nullable
    String typist() {
        JsonNode id = TypingSpelling.field(payload, "userId");
        String text = id.isTextual() || id.isNumber() ? id.asText() : "";
        return text.isEmpty() || text.length() > LONGEST_FIELD ? null : text;
    }

    /** A number for what stands in the field so far. Of two texts with one number the later one may go unheard once. */
    int preview() {
        return TypingSpelling.field(payload, "previewText").asText("").hashCode();
    }

    /** Whether another report says the same of its typist, in whatever words. */
    boolean saysWhat(TypingReport other) {
        return isTyping == other.isTyping
                && (named == null || other.named == null || named == other.named)
                && preview() == other.preview();
    }

    /**
     * The messages that tell everybody, each in their own words.
     *
     * @param event what it is in the standard's words
     * @param speaksLegacy whether there are those who do not know these
     */
    List<Message> messages(TypingRoom room, EventName event, boolean speaksLegacy, Instant now) {
        if (!speaksLegacy) {
            return List.of(original);
        }
        List<Message> messages = new ArrayList<>();
        for (TypingSpelling other : TypingSpelling.values()) {
            messages.add(other == spelling ? original : message(other, event, completed(other, room, now)));
        }
        return messages;
    }

    private static Message message(TypingSpelling spelling, EventName event, ObjectNode payload) {
        return new Message.Broadcast(
                spelling.name(event),
                Message.Encoding.JSON,
                null,
                payload.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** With what components of that spelling look at. */
    private ObjectNode completed(TypingSpelling other, TypingRoom room, Instant now) {
        ObjectNode fields = other.translate(payload).put(other.flag(), isTyping);
        ObjectNode ids = other.translate(ids(room));
        ids.properties().forEach(id -> {
            if (!fields.has(id.getKey())) {
                fields.set(id.getKey(), id.getValue());
            }
        });
        return fields.has("timestamp") ? fields : fields.put("timestamp", now.toString());
    }

    private static ObjectNode ids(TypingRoom room) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("conversationId", room.conversation())
                .put("organizationId", room.org());
    }

    /** What is needed to say that its typist has stopped: who that is, and no more. */
    ObjectNode who() {
        ObjectNode who = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("userId", "userName", "userType")) {
            JsonNode field = TypingSpelling.field(payload, name);
            if (field.isValueNode() && !field.isNull() && field.asText().length() <= LONGEST_FIELD) {
                who.set(name, field);
            }
        }
        return who;
    }

    /** The messages that tell everybody that somebody who was typing does so no more. */
    static List<Message> stopped(TypingRoom room, ObjectNode who, boolean speaksLegacy, Instant now) {
        ObjectNode payload = ids(room).setAll(who);
        payload.put("isTyping", false).put("timestamp", now.toString());
        List<Message> messages = new ArrayList<>();
        for (TypingSpelling spelling : TypingSpelling.values()) {
            if (speaksLegacy || spelling == TypingSpelling.STANDARD) {
                messages.add(message(spelling, EventName.TYPING_STOP, spelling.translate(payload)));
            }
        }
        return messages;
    }
}
