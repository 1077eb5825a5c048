package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.ChangeId;
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
        char[] text = new char[LENGTH];
        hex(text, 0, 6, change.history());
        hex(text, 6, 16, change.commitLsn());
        hex(text, 22, 8, change.index());
        hex(text, 30, 2, ordinal);
        return new String(text);
    }

    private static void hex(char[] text, int start, int digits, long value) {
        for (int i = start + digits - 1; i >= start; i--) {
            text[i] = Character.forDigit((int) (value & 0xF), 16);
            value >>>= 4;
        }
    }
}
