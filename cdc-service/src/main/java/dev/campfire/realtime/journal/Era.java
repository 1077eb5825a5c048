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
 * @param divergedThrough where the database was set back, the LSN up to which ids may be of what was committed before and is
 *     no more; 0 otherwise
 */
public record Era(int number, int history, long start, Instant begun, long divergedThrough) {

    private static final int FORMAT_WITHOUT_DIVERGENCE = 1;
    private static final int FORMAT = 2;

    byte[] toBytes() {
        ByteWriter out = new ByteWriter(32);
        out.writeByte(FORMAT);
        out.writeInt(history);
        out.writeLong(start);
        out.writeLong(begun.toEpochMilli());
        out.writeLong(divergedThrough);
        return out.toByteArray();
    }

    static Era parse(int number, byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int format = in.readByte();
        if (format != FORMAT && format != FORMAT_WITHOUT_DIVERGENCE) {
            throw new DamagedException("an era of another format");
        }
        return new Era(
                number,
                in.readInt(),
                in.readLong(),
                Instant.ofEpochMilli(in.readLong()),
                format == FORMAT ? in.readLong() : 0);
    }
}
