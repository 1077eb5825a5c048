package dev.campfire.realtime.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.vocabulary.EventName;
import dev.campfire.realtime.vocabulary.LegacyNames;
import java.util.List;
import java.util.Map;

/** A way to say that somebody types. */
enum TypingSpelling {
    /** An event for each, and fields in camel case. */
    STANDARD("isTyping"),
    /** One event with {@code isTyping}. */
    CAMEL("isTyping"),
    /** One event with {@code is_typing}, and fields in snake case. */
    SNAKE("is_typing");

    /** Each field in camel case and in snake case. */
    private static final List<Map.Entry<String, String>> FIELDS = List.of(
            Map.entry("conversationId", "conversation_id"),
            Map.entry("organizationId", "organization_id"),
            Map.entry("userId", "user_id"),
            Map.entry("userName", "user_name"),
            Map.entry("userType", "user_type"),
            Map.entry("isTyping", "is_typing"),
            Map.entry("previewText", "preview_text"));

    private final String flag;

    TypingSpelling(String flag) {
        this.flag = flag;
    }

    /** The field that says whether somebody types. */
    String flag() {
        return flag;
    }

    /** The event's name in this spelling. */
    String name(EventName event) {
        return switch (this) {
            case STANDARD -> event.text();
            case CAMEL -> LegacyNames.TYPING;
            case SNAKE -> LegacyNames.TYPING_INDICATOR;
        };
    }

    /** A field by its name in camel case, however it is spelled in there; a missing node when it is not. */
    static JsonNode field(JsonNode payload, String camel) {
        JsonNode found = payload.path(camel);
        if (!found.isMissingNode()) {
            return found;
        }
        for (Map.Entry<String, String> field : FIELDS) {
            if (field.getKey().equals(camel)) {
                return payload.path(field.getValue());
            }
        }
        return found;
    }

    /** The same fields in this spelling; those that it does not know stay as they are. */
    ObjectNode translate(ObjectNode payload) {
        ObjectNode translated = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : payload.properties()) {
            translated.set(translate(field.getKey()), field.getValue());
        }
        return translated;
    }

    private String translate(String name) {
        for (Map.Entry<String, String> field : FIELDS) {
            if (field.getKey().equals(name) || field.getValue().equals(name)) {
                return this == SNAKE ? field.getValue() : field.getKey();
            }
        }
        return name;
    }
}
