package dev.campfire.realtime.mapping;

import dev.campfire.realtime.mapping.QuotedText.Quote;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text form of an hstore, {@code "a"=>"1", "b"=>NULL}. Becomes a JSON object of strings and nulls, as the
 * extension's cast to json gives.
 */
final class HstoreText {

    private static final byte[] ARROW = "=>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "NULL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEPARATOR = ", ".getBytes(StandardCharsets.US_ASCII);

    private final JsonBuffer out;
    private final byte[] text;
    private final int end;
    private int at;

    HstoreText(JsonBuffer out, byte[] text, int start, int end) {
        this.out = out;
        this.text = text;
        this.end = end;
        this.at = start;
    }

    /** Writes the object; false when the text is not an hstore, with something half written. */
    boolean write() {
        out.raw('{');
        if (at < end) {
            do {
                if (!writeQuoted() || !take(ARROW)) {
                    return false;
                }
                out.raw(':');
                if (take(NULL)) {
                    out.nullValue();
                } else if (!writeQuoted()) {
                    return false;
                }
            } while (takeSeparator());
        }
        out.raw('}');
        return at == end;
    }

    private boolean writeQuoted() {
        @Nullable
        QuotedText quoted = at < end && text[at] == '"' ? QuotedText.read(text, at, end, Quote.ESCAPED) : null;
        if (quoted == null) {
            return false;
        }
        out.string(quoted.bytes(), quoted.start(), quoted.end());
        at = quoted.next();
        return true;
    }

    private boolean takeSeparator() {
        if (!take(SEPARATOR)) {
            return false;
        }
        out.raw(',');
        return true;
    }

    private boolean take(byte[] expected) {
        int next = at + expected.length;
        if (next > end || !Arrays.equals(text, at, next, expected, 0, expected.length)) {
            return false;
        }
        at = next;
        return true;
    }
}
