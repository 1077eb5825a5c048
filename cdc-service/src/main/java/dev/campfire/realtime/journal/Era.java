package dev.campfire.realtime.journal;

import java.time.Instant;

/**
 * A stretch of the log in which nothing is missing: whatever was committed from its start on stands in it, up to where the
 * next one begins. Another begins when the slot was lost or moved by somebody else, and when the database is another one.
 *
 * @param number from 1, in the order in which they came
 * @param history see {@link dev.campfire.realtime.capture.ChangeId}
 * @param start the LSN from which on everything stands in it
 * @param begun when it began
 */
public record Era(int number, int history, long start, Instant begun) {

    private static final int FORMAT = 1;

    byte[] toBytes() {
        ByteWriter out = new ByteWriter(32);
        out.writeByte(FORMAT);
        out.writeInt(history);
        out.writeLong(start);
        out.writeLong(begun.toEpochMilli());
        return out.toByteArray();
    }

    static Era parse(int number, byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        if (in.readByte() != FORMAT) {
            throw new DamagedException("an era of another format");
        }
        return new Era(number, in.readInt(), in.readLong(), Instant.ofEpochMilli(in.readLong()));
    }
}
