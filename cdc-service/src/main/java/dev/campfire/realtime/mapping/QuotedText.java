package dev.campfire.realtime.mapping;

import org.jspecify.annotations.Nullable;

/**
 * A part in double quotes of the text form of an array, a composite or an hstore, without its quotes and escapes.
 *
 * @param bytes the array that holds it: the text itself when nothing was escaped; to be read only
 * @param start where it begins in that array
 * @param end where it ends
 * @param next the place behind the closing quote in the text that was read
 */
record QuotedText(byte[] bytes, int start, int end, int next) {

    /** How a double quote is written within double quotes. */
    enum Quote {
        /** Behind a backslash alone: arrays and hstore. */
        ESCAPED,
        /** Behind a backslash or doubled: composites. */
        ESCAPED_OR_DOUBLED
    }

    /** Reads what the quote at this place opens; null when nothing closes it. */
    static @Nullable QuotedText read(byte[] text, int open, int limit, Quote quote) {
        int end = open + 1;
        int escapes = 0;
        while (end < limit) {
            byte b = text[end];
            if (b == '\\' || b == '"' && quote == Quote.ESCAPED_OR_DOUBLED && end + 1 < limit && text[end + 1] == '"') {
                escapes++;
                end += 2;
            } else if (b == '"') {
                return escapes == 0
                        ? new QuotedText(text, open + 1, end, end + 1)
                        : unescaped(text, open + 1, end, escapes);
            } else {
                end++;
            }
        }
        return null;
    }

    private static QuotedText unescaped(byte[] text, int start, int end, int escapes) {
        byte[] bytes = new byte[end - start - escapes];
        int size = 0;
        for (int at = start; at < end; at++) {
            // A quote within can only be the first of two.
            if (text[at] == '\\' || text[at] == '"') {
                at++;
            }
            bytes[size++] = text[at];
        }
        return new QuotedText(bytes, 0, size, end + 1);
    }
}
