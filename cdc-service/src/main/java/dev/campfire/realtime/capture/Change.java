package dev.campfire.realtime.capture;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One committed change of one row (or a truncation, or a message). Immutable, and safe to hand to any thread.
 *
 * @param id its identity and place in the order of commits
 * @param transactionId the 32-bit id of its transaction, 0 for a message outside any
 * @param commitTime when its transaction was committed, with microseconds
 * @param operation what it did
 * @param relation the table, null for a message
 * @param before the row's old image: under REPLICA IDENTITY FULL all of it, else the key alone and only when Postgres
 *     logged it (at DELETE, and at an UPDATE that changed the key); null otherwise
 * @param after the row's new image at INSERT and UPDATE, null otherwise
 * @param message the message at {@link Operation#MESSAGE}, null otherwise
 */
public record Change(
        ChangeId id,
        long transactionId,
        Instant commitTime,
        Operation operation,
        @Nullable Relation relation,
        @Nullable Row before,
        @Nullable Row after,
        @Nullable LogicalMessage message) {

    /** What {@code pg_logical_emit_message} was given. */
    public record LogicalMessage(boolean transactional, String prefix, byte[] content) {}

    /** Whether the column has the same value in both images; what is not known is not. */
    public boolean leavesAlone(int column) {
        return before != null
                && after != null
                && column < before.size()
                && column < after.size()
                && before.sameValue(column, after, column);
    }

    /** Whether {@link #before} holds the whole old row, not just its key. */
    public boolean hasWholeOldRow() {
        return before != null && relation != null && relation.replicaIdentity() == Relation.ReplicaIdentity.FULL;
    }
}
