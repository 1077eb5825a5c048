package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.ChangeId;
import org.jspecify.annotations.Nullable;

/**
 * Where in the log a change stands: its key. Eras are numbered in the order in which they came, so the bytes of keys
 * compare as the changes were appended, whatever histories they are of.
 *
 * @param era see {@link Era}
 * @param lsn the LSN of the transaction's commit; unsigned
 * @param index the change's number within its transaction
 */
public record LogPosition(int era, long lsn, int index) implements Comparable<LogPosition> {

    static final int LENGTH = Integer.BYTES + Long.BYTES + Integer.BYTES;

    static final LogPosition FIRST = new LogPosition(0, 0, 0);

    static final LogPosition LAST = new LogPosition(-1, -1, -1);

    static LogPosition of(int era, ChangeId change) {
        return new LogPosition(era, change.commitLsn(), change.index());
    }

    static LogPosition parse(byte[] key, int start) {
        ByteReader in = new ByteReader(key, start, key.length);
        return new LogPosition(in.readInt(), in.readLong(), in.readInt());
    }

    byte[] key() {
        ByteWriter out = new ByteWriter(LENGTH);
        writeTo(out);
        return out.array();
    }

    void writeTo(ByteWriter out) {
        out.writeInt(era);
        out.writeLong(lsn);
        out.writeInt(index);
    }

    ChangeId change(int history) {
        return new ChangeId(history, lsn, index);
    }

    @Override
    public int compareTo(LogPosition other) {
        int byEra = Integer.compareUnsigned(era, other.era);
        if (byEra != 0) {
            return byEra;
        }
        int byLsn = Long.compareUnsigned(lsn, other.lsn);
        return byLsn != 0 ? byLsn : Integer.compareUnsigned(index, other.index);
    }

    /** Written out: what Java makes of a record it assembles at the first change of each start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LogPosition position && compareTo(position) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * era + Long.hashCode(lsn)) + index;
    }
}
