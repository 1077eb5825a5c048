package dev.campfire.realtime.capture;

/**
 * The identity of one committed change, and its place in the order of commits.
 *
 * <p>Logical decoding emits a transaction when it reaches its commit record, so the LSN of that record orders
 * transactions exactly as they are delivered, and the index orders the changes within one. Both are read from the WAL
 * itself: a redelivered change has the identity that it had the first time, on whatever machine and after whatever
 * crash. (The LSN of the change's own record has neither property: it is not monotone between interleaved transactions
 * and COPY gives one LSN to dozens of rows.)
 *
 * @param history which history the LSNs belong to, 24 bits derived from the cluster's system identifier and its
 *     timeline: positions of different histories are not comparable
 * @param commitLsn the LSN of the transaction's commit record, or of the message itself for a message that belongs to
 *     no transaction; unsigned
 * @param index the change's number within its transaction, from 0
 */
public record ChangeId(int history, long commitLsn, int index) implements Comparable<ChangeId> {

    /** The largest value of {@link #history}. */
    public static final int MAX_HISTORY = 0xFF_FFFF;

    public ChangeId {
        if (history < 0 || history > MAX_HISTORY) {
            throw new IllegalArgumentException("history must have 24 bits: " + history);
        }
        if (index < 0) {
            throw new IllegalArgumentException("index must not be negative: " + index);
        }
    }

    /** Orders by commit, then by place in the transaction. Meaningful only within one history. */
    @Override
    public int compareTo(ChangeId other) {
        int byCommit = Long.compareUnsigned(commitLsn, other.commitLsn);
        return byCommit != 0 ? byCommit : Integer.compare(index, other.index);
    }
}
