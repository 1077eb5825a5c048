package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.PostgresType.Attribute;
import dev.campfire.realtime.mapping.QuotedText.Quote;
import java.util.List;

/**
 * The text form of a composite value, {@code (1,"a b",)}, as Postgres's {@code record_out} writes it. Becomes a JSON
 * object with the attributes in their own order.
 */
final class CompositeText {

    private final ValueJson values;
    private final JsonBuffer out;
    private final List<Attribute> attributes;
    private final byte[] text;
    private final int end;
    private int at;

    CompositeText(ValueJson values, JsonBuffer out, PostgresType composite, byte[] text, int start, int end) {
        this.values = values;
        this.out = out;
        this.attributes = composite.attributes();
        this.text = text;
        this.end = end;
        this.at = start;
    }

    /** Writes the object; false when the text is not one value per attribute, with something half written. */
    boolean write() {
        if (!take('(')) {
            return false;
        }
        out.raw('{');
        for (int i = 0; i < attributes.size(); i++) {
            if (i > 0) {
                if (!take(',')) {
                    return false;
                }
                out.raw(',');
            }
            out.string(attributes.get(i).name());
            out.raw(':');
            if (!writeValue(attributes.get(i).type())) {
                return false;
            }
        }
        out.raw('}');
        return take(')') && at == end;
    }

    private boolean writeValue(PostgresType type) {
        if (at < end && text[at] == '"') {
            QuotedText quoted = QuotedText.read(text, at, end, Quote.ESCAPED_OR_DOUBLED);
            if (quoted == null) {
                return false;
            }
            values.element(type, quoted.bytes(), quoted.start(), quoted.end());
            at = quoted.next();
            return true;
        }
        int start = at;
        while (at < end && text[at] != ',' && text[at] != ')') {
            at++;
        }
        // Nothing at all is NULL; an empty text has quotes.
        if (at == start) {
            out.nullValue();
        } else {
            values.element(type, text, start, at);
        }
        return true;
    }

    private boolean take(char expected) {
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }
}
