package dev.campfire.realtime.vocabulary;

/** What an id in a channel's name may look like. */
final class ChannelId {

    private ChannelId() {}

    /** Whether the text may be an id: not empty, no colon, no control character, no blank at an end, valid Unicode. */
    static boolean isWellFormed(String id) {
        return isWellFormed(id, 0, id.length());
    }

    /** The same of a part of a text. */
    static boolean isWellFormed(String text, int start, int end) {
        if (start >= end || isBlank(text.charAt(start)) || isBlank(text.charAt(end - 1))) {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == ':' || Character.isISOControl(c)) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 == end || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** Whether a whole name is short enough. */
    static boolean fits(String name) {
        int length = name.length();
        // No char becomes more than three bytes, so most names need no counting.
        if (length * 3 <= ChannelName.MAX_BYTES) {
            return true;
        }
        int bytes = 0;
        for (int i = 0; i < length && bytes <= ChannelName.MAX_BYTES; i++) {
            char c = name.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                bytes += 2;
            } else {
                bytes += 3;
            }
        }
        return bytes <= ChannelName.MAX_BYTES;
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
