package dev.campfire.realtime.mapping;

/**
 * The text form of a timestamp in DateStyle ISO, {@code 2025-11-18 22:22:40.877+00}. Becomes the form of XML Schema that
 * {@code to_jsonb} gives: {@code 2025-11-18T22:22:40.877+00:00}.
 */
final class TimestampText {

    private TimestampText() {}

    /**
     * Writes the timestamp; false, with nothing written, when the text is not one in this form, such as
     * {@code infinity}: then it stays as it is.
     */
    static boolean write(JsonBuffer out, byte[] text, int start, int end) {
        int blank = indexOfBlank(text, start, end);
        if (blank < 0 || !isDigit(text[start])) {
            return false;
        }
        int era = indexOfBlank(text, blank + 1, end);
        int timeEnd = era < 0 ? end : era;
        out.raw('"');
        out.raw(text, start, blank);
        out.raw('T');
        out.raw(text, blank + 1, timeEnd);
        if (hasOffsetOfWholeHours(text, blank, timeEnd)) {
            out.raw(":00");
        }
        // " BC" stays behind the time.
        out.raw(text, timeEnd, end);
        out.raw('"');
        return true;
    }

    /** Whether the time ends in {@code +hh}: minutes are always written, which ISO leaves out when they are 0. */
    private static boolean hasOffsetOfWholeHours(byte[] text, int start, int end) {
        return end - start > 3 && (text[end - 3] == '+' || text[end - 3] == '-');
    }

    private static int indexOfBlank(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
