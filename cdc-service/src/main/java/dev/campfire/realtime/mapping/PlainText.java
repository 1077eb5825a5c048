package dev.campfire.realtime.mapping;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What stands for itself in a JSON string whatever is beside it: ASCII without control characters, quotation marks and
 * backslashes (RFC 8259, section 7). Eight bytes are looked at together.
 */
final class PlainText {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long BLANKS = ' ' * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private PlainText() {}

    static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    /** The eight bytes from this place on, the first of them lowest. */
    static long at(byte[] text, int at) {
        return (long) EIGHT.get(text, at);
    }

    static void put(byte[] text, int at, long eight) {
        EIGHT.set(text, at, eight);
    }

    /** How many of eight bytes are plain before the first that is not. */
    static int count(long eight) {
        // A subtraction borrows from the bytes above the first that it finds, never from those below: the lowest is
        // true.
        long control = eight - BLANKS & ~eight;
        long others = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES) | eight;
        return Long.numberOfTrailingZeros((control | others) & HIGH_BITS) / Byte.SIZE;
    }

    private static long zeros(long eight) {
        return eight - ONES & ~eight;
    }

    /** The first place from here on that holds something else than plain text, or the end. */
    static int skip(byte[] text, int from, int to) {
        int at = from;
        while (at <= to - Long.BYTES) {
            int plain = count(at(text, at));
            at += plain;
            if (plain < Long.BYTES) {
                return at;
            }
        }
        while (at < to && isPlain(text[at])) {
            at++;
        }
        return at;
    }
}
