package dev.campfire.realtime.mapping;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Numbers as JSON writes them, and as jsonb does. */
final class JsonNumber {

    /**
     * How many characters an exponent may be written out to. Postgres would go on to 131,072 digits: ten bytes of json
     * must not become that many, so a longer number keeps its exponent and its value.
     */
    private static final int MAX_EXPANSION = 1_000;

    private JsonNumber() {}

    /** Where the number that begins at this place ends, by JSON's grammar; -1 when there is none. */
    static int endOf(byte[] text, int start, int limit) {
        int at = start < limit && text[start] == '-' ? start + 1 : start;
        int digits = digitsFrom(text, at, limit);
        if (digits == at || text[at] == '0' && digits > at + 1) {
            return -1;
        }
        at = digits;
        if (at < limit && text[at] == '.') {
            digits = digitsFrom(text, at + 1, limit);
            if (digits == at + 1) {
                return -1;
            }
            at = digits;
        }
        return at < limit && (text[at] | 0x20) == 'e' ? endOfExponent(text, at + 1, limit) : at;
    }

    /** Whether the text is a number and nothing else. */
    static boolean isNumber(byte[] text, int start, int end) {
        return endOf(text, start, end) == end;
    }

    /** Writes a number in the form of jsonb: without an exponent, with its scale, and without a sign at zero. */
    static void writeNormalized(JsonBuffer out, byte[] text, int start, int end) {
        int exponent = indexOfExponent(text, start, end);
        if (exponent < 0) {
            writeWithoutSignedZero(out, text, start, end);
            return;
        }
        // Six characters hold every exponent that may be written out, and are far from overflowing an int.
        if (end - exponent <= 6 && exponent - start <= MAX_EXPANSION) {
            BigDecimal number = new BigDecimal(new String(text, start, end - start, StandardCharsets.US_ASCII));
            if (number.precision() + Math.abs((long) number.scale()) <= MAX_EXPANSION) {
                out.raw(number.toPlainString());
                return;
            }
        }
        out.raw(text, start, end);
    }

    /** Writes a number as it is, but zero without a sign, as jsonb has it. */
    static void writeWithoutSignedZero(JsonBuffer out, byte[] text, int start, int end) {
        out.raw(text, isSignedZero(text, start, end) ? start + 1 : start, end);
    }

    private static boolean isSignedZero(byte[] text, int start, int end) {
        if (text[start] != '-') {
            return false;
        }
        for (int i = start + 1; i < end; i++) {
            if (text[i] != '0' && text[i] != '.') {
                return false;
            }
        }
        return true;
    }

    private static int endOfExponent(byte[] text, int start, int limit) {
        int at = start < limit && (text[start] == '+' || text[start] == '-') ? start + 1 : start;
        int end = digitsFrom(text, at, limit);
        return end == at ? -1 : end;
    }

    private static int indexOfExponent(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if ((text[i] | 0x20) == 'e') {
                return i;
            }
        }
        return -1;
    }

    private static int digitsFrom(byte[] text, int start, int limit) {
        int at = start;
        while (at < limit && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }
}
