package dev.campfire.realtime.mapping;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One pass over a JSON text by RFC 8259's grammar, without recursion, so that no depth of nesting is too much. */
final class JsonScan {

    /** What {@link #depth} gives for a text that is not JSON. */
    static final int NOT_JSON = -1;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[] text;
    private final int end;
    private int at;
    /** The closing brackets that are still to come, innermost last. */
    private byte[] open = new byte[32];

    private int depth;
    private int deepest;

    private JsonScan(byte[] text, int start, int end) {
        this.text = text;
        this.at = start;
        this.end = end;
    }

    /** How deeply the text's arrays and objects are nested, 0 for a scalar; {@link #NOT_JSON} when it is not JSON. */
    static int depth(byte[] text, int start, int end) {
        JsonScan scan = new JsonScan(text, start, end);
        return scan.isJson() ? scan.deepest : NOT_JSON;
    }

    /** The place behind the string whose opening quote is at this place; -1 when it is not a JSON string. */
    static int endOfString(byte[] text, int start, int end) {
        int at = PlainText.skip(text, start + 1, end);
        while (at < end) {
            byte b = text[at];
            if (b == '"') {
                return at + 1;
            }
            int length = b == '\\' ? escapeAt(text, at, end) : b < 0 ? Utf8.sequenceAt(text, at, end) : 0;
            if (length == 0) {
                return -1;
            }
            at = PlainText.skip(text, at + length, end);
        }
        return -1;
    }

    /** The first place from here that holds no white space. */
    static int skipWhitespace(byte[] text, int start, int end) {
        int at = start;
        // Most of what is not white space is known by one look.
        while (at < end
                && text[at] <= ' '
                && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) {
            at++;
        }
        return at;
    }

    private boolean isJson() {
        while (true) {
            // A value, or the opening of one, is expected here.
            skipWhitespace();
            if (take('{')) {
                push('}');
                if (!takeWithSpace('}')) {
                    if (!skipKey()) {
                        return false;
                    }
                    continue;
                }
                depth--;
            } else if (take('[')) {
                push(']');
                if (!takeWithSpace(']')) {
                    continue;
                }
                depth--;
            } else if (!skipScalar()) {
                return false;
            }
            // A value is complete: whatever it closes is closed, then comes the next one or the end.
            while (depth > 0 && takeWithSpace(open[depth - 1])) {
                depth--;
            }
            if (depth == 0) {
                skipWhitespace();
                return at == end;
            }
            if (!take((byte) ',') || open[depth - 1] == '}' && !skipKey()) {
                return false;
            }
        }
    }

    private boolean skipKey() {
        skipWhitespace();
        return at < end && text[at] == '"' && moveTo(endOfString(text, at, end)) && takeWithSpace((byte) ':');
    }

    private boolean skipScalar() {
        if (at == end) {
            return false;
        }
        return switch (text[at]) {
            case '"' -> moveTo(endOfString(text, at, end));
            case 't' -> skipWord(TRUE);
            case 'f' -> skipWord(FALSE);
            case 'n' -> skipWord(NULL);
            default -> moveTo(JsonNumber.endOf(text, at, end));
        };
    }

    private boolean skipWord(byte[] word) {
        int next = at + word.length;
        return next <= end && Arrays.equals(text, at, next, word, 0, word.length) && moveTo(next);
    }

    private static int escapeAt(byte[] text, int at, int end) {
        if (at + 1 >= end) {
            return 0;
        }
        return switch (text[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
            case 'u' -> at + 6 <= end && isHex(text, at + 2) ? 6 : 0;
            default -> 0;
        };
    }

    private static boolean isHex(byte[] text, int start) {
        for (int i = start; i < start + 4; i++) {
            if (text[i] < 0 || Character.digit(text[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private void push(char closing) {
        if (depth == open.length) {
            open = Arrays.copyOf(open, depth * 2);
        }
        open[depth++] = (byte) closing;
        deepest = Math.max(deepest, depth);
    }

    private boolean moveTo(int next) {
        if (next < 0) {
            return false;
        }
        at = next;
        return true;
    }

    private void skipWhitespace() {
        at = skipWhitespace(text, at, end);
    }

    private boolean takeWithSpace(int expected) {
        skipWhitespace();
        return take(expected);
    }

    private boolean take(int expected) {
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }
}
