package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.ChangeId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The place of an event in the history of one database: the same for the same event for ever, on every node.
 *
 * <p>Written as 32 lower-case hexadecimal digits: 6 of the history, 16 of the commit LSN, 8 of the change's index in its
 * transaction, 2 of the event's number among those of its change. Strings of one history compare as the events do.
 *
 * @param change the change that the event came from
 * @param ordinal the event's number among those of its change, 0 to 255
 */
public record Position(ChangeId change, int ordinal) implements Comparable<Position> {

    /** How many characters a position has when it is written. */
    public static final int LENGTH = 32;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    public Position {
        if (ordinal < 0 || ordinal > 255) {
            throw new IllegalArgumentException("ordinal must have 8 bits: " + ordinal);
        }
    }

    /** The position that was written so; null when this is none. */
    public static @Nullable Position parse(String text) {
        if (text.length() != LENGTH) {
            return null;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return null;
            }
        }
        int index = Integer.parseUnsignedInt(text, 22, 30, 16);
        if (index < 0) {
            return null;
        }
        return new Position(
                new ChangeId(Integer.parseInt(text, 0, 6, 16), Long.parseUnsignedLong(text, 6, 22, 16), index),
                Integer.parseInt(text, 30, 32, 16));
    }

    @Override
    public int compareTo(Position other) {
        int byChange = change.compareTo(other.change);
        return byChange != 0 ? byChange : Integer.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        byte[] ascii = new byte[LENGTH];
        write(ascii, 0);
        return new String(ascii, StandardCharsets.ISO_8859_1);
    }

    /** Writes it in ASCII, {@link #LENGTH} bytes. */
    void write(byte[] out, int at) {
        long high = (long) change.history() << 40 | change.commitLsn() >>> 24;
        long low = change.commitLsn() << 40 | (long) change.index() << 8 | ordinal;
        EIGHT.set(out, at, digits(high >>> 32));
        EIGHT.set(out, at + 8, digits(high & 0xFFFF_FFFFL));
        EIGHT.set(out, at + 16, digits(low >>> 32));
        EIGHT.set(out, at + 24, digits(low & 0xFFFF_FFFFL));
    }

    /** Eight hexadecimal digits in ASCII, the highest first: each half of a byte is put into a byte of its own. */
    private static long digits(long value) {
        long spread = (value << 16 | value) & 0x0000_FFFF_0000_FFFFL;
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FFL;
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0FL;
        long letters = spread + 0x0606_0606_0606_0606L >>> 4 & 0x0101_0101_0101_0101L;
        return spread + 0x3030_3030_3030_3030L + letters * ('a' - '9' - 1);
    }
}
