package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/**
 * A {@code ref} or {@code join_ref} as JSON, so that it goes back to the client exactly as it came: a string, a number or
 * null.
 *
 * @param json the value's JSON text
 */
record Ref(String json) {

    static final Ref NONE = new Ref("null");

    /** The ref of a binary frame, whose text is bare; an empty one is none. */
    static Ref ofText(String text) {
        return text.isEmpty()
                ? NONE
                : new Ref('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
    }

    boolean isNone() {
        return json.equals(NONE.json);
    }
}
