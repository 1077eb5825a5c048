package dev.campfire.realtime.mapping;

/** The shape of UTF-8: a websocket's text frame must be well formed, and a SQL_ASCII database promises nothing. */
final class Utf8 {

    private Utf8() {}

    /** How many bytes the well-formed sequence beyond ASCII at this place has, or 0 when there is none. */
    static int sequenceAt(byte[] text, int at, int end) {
        int lead = text[at] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (at + length > end || !isSecond(lead, text[at + 1] & 0xFF)) {
            return 0;
        }
        for (int i = at + 2; i < at + length; i++) {
            if ((text[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** Refuses overlong forms, surrogates and what lies beyond U+10FFFF: the second byte shows all three. */
    private static boolean isSecond(int lead, int second) {
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest;
    }
}
