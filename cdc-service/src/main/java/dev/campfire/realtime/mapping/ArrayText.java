package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.mapping.QuotedText.Quote;

/**
 * The text form of an array, {@code {1,NULL,"a b"}} or {@code [0:1]={{1,2},{3,4}}}, as Postgres's {@code array_out}
 * writes it. Becomes a JSON array of arrays; lower bounds are lost, as in {@code to_jsonb}.
 */
final class ArrayText {

    /** Postgres's own limit, MAXDIM. */
    private static final int MAX_DIMENSIONS = 6;

    private final ValueJson values;
    private final JsonBuffer out;
    private final PostgresType element;
    private final char delimiter;
    private final byte[] text;
    private final int end;
    private int at;

    ArrayText(ValueJson values, JsonBuffer out, PostgresType element, char delimiter, byte[] text, int start, int end) {
        this.values = values;
        this.out = out;
        this.element = element;
        this.delimiter = delimiter;
        this.text = text;
        this.end = end;
        this.at = start;
    }

    /** Writes the array; false when the text is not one, with something half written. */
    boolean write() {
        return skipBounds() && writeDimension(1) && at == end;
    }

    private boolean skipBounds() {
        if (!isNext('[')) {
            return true;
        }
        while (at < end && text[at] != '=') {
            at++;
        }
        return take('=');
    }

    private boolean writeDimension(int depth) {
        if (depth > MAX_DIMENSIONS || !take('{')) {
            return false;
        }
        out.raw('[');
        if (!take('}')) {
            do {
                if (!(isNext('{') ? writeDimension(depth + 1) : writeElement())) {
                    return false;
                }
            } while (takeSeparator());
            if (!take('}')) {
                return false;
            }
        }
        out.raw(']');
        return true;
    }

    private boolean writeElement() {
        if (isNext('"')) {
            QuotedText quoted = QuotedText.read(text, at, end, Quote.ESCAPED);
            if (quoted == null) {
                return false;
            }
            values.element(element, quoted.bytes(), quoted.start(), quoted.end());
            at = quoted.next();
            return true;
        }
        int start = at;
        while (at < end && text[at] != delimiter && text[at] != '}') {
            at++;
        }
        if (isNull(start)) {
            out.nullValue();
        } else {
            values.element(element, text, start, at);
        }
        return at > start;
    }

    /** The word NULL without quotes; the text NULL would have them. */
    private boolean isNull(int start) {
        return at - start == 4
                && text[start] == 'N'
                && text[start + 1] == 'U'
                && text[start + 2] == 'L'
                && text[start + 3] == 'L';
    }

    private boolean takeSeparator() {
        if (!isNext(delimiter)) {
            return false;
        }
        out.raw(',');
        at++;
        return true;
    }

    private boolean isNext(char expected) {
        return at < end && text[at] == expected;
    }

    private boolean take(char expected) {
        if (!isNext(expected)) {
            return false;
        }
        at++;
        return true;
    }
}
