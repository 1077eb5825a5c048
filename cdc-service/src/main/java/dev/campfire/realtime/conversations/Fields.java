package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a body, and collects what is wrong with them: of each field the first thing. A field that is null
 * counts as absent. What is read of a field that is wrong means nothing; {@link #check} says whether there is one. For one
 * thread.
 */
public final class Fields {

    /** How many wrong fields are told; the names of unknown ones are the caller's to choose. */
    private static final int MOST_ERRORS = 50;

    private static final int LONGEST_NAME = 100;

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");

    private static final String REQUIRED = "is required";

    private final JsonNode body;
    private final Map<String, FieldError> errors = new LinkedHashMap<>();

    /**
     * @param body a JSON object
     * @param known the names that may stand in it
     */
    Fields(JsonNode body, Set<String> known) {
        this.body = body;
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!known.contains(field.getKey())) {
                String name = field.getKey();
                wrong(name.substring(0, Math.min(LONGEST_NAME, name.length())), "is not known");
            }
        }
    }

    /** Ends with a refusal when anything is wrong. */
    void check() {
        if (!errors.isEmpty()) {
            throw Refusal.invalid(new ArrayList<>(errors.values()));
        }
    }

    void wrong(String field, String detail) {
        if (errors.size() < MOST_ERRORS) {
            errors.putIfAbsent(field, new FieldError(field, detail));
        }
    }

    boolean has(String field) {
        return body.hasNonNull(field);
    }

    /** The whole body. */
    JsonNode body() {
        return body;
    }

    void require(String field) {
        if (!has(field)) {
            wrong(field, REQUIRED);
        }
    }

    @Nullable
    UUID uuid(String field) {
        UUID value = has(field)
                ? uuidOf(body.path(field).isTextual() ? body.path(field).textValue() : "")
                : null;
        if (has(field) && value == null) {
            wrong(field, "must be a UUID");
        }
        return value;
    }

    /** A UUID in its usual form; null for any other text. */
    static @Nullable UUID uuidOf(String text) {
        return UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : null;
    }

    /**
     * A text that Postgres can store.
     *
     * @param most how many characters it may have, counted as Postgres counts them
     */
    @Nullable
    String text(String field, int most) {
        if (!has(field)) {
            return null;
        }
        JsonNode value = body.path(field);
        if (!value.isTextual()) {
            wrong(field, "must be a string");
            return null;
        }
        String text = value.textValue();
        if (!isStorable(text)) {
            wrong(field, "must not contain U+0000 or half of a surrogate pair");
        } else if (text.codePointCount(0, text.length()) > most) {
            wrong(field, "must have at most " + most + " characters");
        }
        return text;
    }

    /** A text with something in it. */
    @Nullable
    String filledText(String field, int most) {
        String text = text(field, most);
        if (text != null && text.isBlank()) {
            wrong(field, "must not be empty");
        }
        return text;
    }

    @Nullable
    String oneOf(String field, List<String> allowed) {
        if (!has(field)) {
            return null;
        }
        String text = body.path(field).isTextual() ? body.path(field).textValue() : "";
        if (!allowed.contains(text)) {
            wrong(field, "must be one of " + String.join(", ", allowed));
        }
        return text;
    }

    @Nullable
    Boolean flag(String field) {
        if (!has(field)) {
            return null;
        }
        if (!body.path(field).isBoolean()) {
            wrong(field, "must be true or false");
        }
        return body.path(field).booleanValue();
    }

    @Nullable
    JsonNode object(String field) {
        if (has(field) && !body.path(field).isObject()) {
            wrong(field, "must be an object");
        }
        return storable(field);
    }

    @Nullable
    JsonNode array(String field) {
        if (has(field) && !body.path(field).isArray()) {
            wrong(field, "must be an array");
        }
        return storable(field);
    }

    private @Nullable JsonNode storable(String field) {
        if (!has(field)) {
            return null;
        }
        if (!isStorable(body.path(field))) {
            wrong(field, "must not contain U+0000 or half of a surrogate pair");
        }
        return body.path(field);
    }

    /** The parser has bounded how deep it can be. */
    private static boolean isStorable(JsonNode value) {
        if (value.isTextual()) {
            return isStorable(value.textValue());
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (!isStorable(field.getKey())) {
                return false;
            }
        }
        for (JsonNode element : value) {
            if (!isStorable(element)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isStorable(String text) {
        return text.codePoints()
                .noneMatch(
                        point -> point == 0 || Character.isBmpCodePoint(point) && Character.isSurrogate((char) point));
    }
}
