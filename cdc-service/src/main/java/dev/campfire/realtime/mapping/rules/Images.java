package dev.campfire.realtime.mapping.rules;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a row before and after a change. A row that was not there before, or is not there afterwards, has NULL
 * in all its columns. A value that Postgres has not logged is not known.
 */
public final class Images {

    private final Operation operation;
    private final Relation relation;
    private final @Nullable Row old;
    private final boolean isOldWhole;
    private final @Nullable Row current;

    private Images(
            Operation operation, Relation relation, @Nullable Row old, boolean isOldWhole, @Nullable Row current) {
        this.operation = operation;
        this.relation = relation;
        this.old = old;
        this.isOldWhole = isOldWhole;
        this.current = current;
    }

    /** A change of a row as it was. */
    public static Images of(Change change, Relation relation) {
        return new Images(change.operation(), relation, change.before(), change.hasWholeOldRow(), change.after());
    }

    /** To those whom a row leaves it is as good as deleted. */
    public static Images leaving(Change change, Relation relation) {
        return new Images(Operation.DELETE, relation, change.before(), change.hasWholeOldRow(), null);
    }

    /** To those to whom a row comes it is as good as inserted; what the UPDATE left alone is in the old row. */
    public static Images arriving(Change change, Relation relation) {
        return new Images(Operation.INSERT, relation, change.before(), change.hasWholeOldRow(), change.after());
    }

    /** What was done, as those are told whom it concerns. */
    public Operation operation() {
        return operation;
    }

    public Relation relation() {
        return relation;
    }

    /** The image that says where the row belongs. */
    Side main() {
        return operation == Operation.DELETE ? Side.OLD : Side.NEW;
    }

    /** Whether the value is known to be NULL. */
    boolean isNull(Side side, int column) {
        if (isAbsent(side)) {
            return true;
        }
        Row row = holder(side, column);
        return row != null && row.isNull(column);
    }

    /** Whether anything is known of the value. */
    boolean isKnown(Side side, int column) {
        return isAbsent(side) || holder(side, column) != null;
    }

    /** The row that holds a value that is known and not NULL; null for every other. */
    @Nullable
    Row find(Side side, int column) {
        if (isAbsent(side)) {
            return null;
        }
        Row row = holder(side, column);
        return row == null || row.isNull(column) ? null : row;
    }

    /** The value's text; null when it is NULL, or not known. */
    @Nullable
    String text(Side side, int column) {
        Row row = find(side, column);
        return row == null ? null : row.text(column);
    }

    private boolean isAbsent(Side side) {
        return operation == (side == Side.OLD ? Operation.INSERT : Operation.DELETE);
    }

    private @Nullable Row holder(Side side, int column) {
        if (side == Side.NEW) {
            Row row = current;
            if (row == null || column >= row.size()) {
                return null;
            }
            if (!row.isUnchanged(column)) {
                return row;
            }
            return isOldWhole ? held(old, column) : null;
        }
        // Of an UPDATE the old row is known as a whole or not at all: its key alone says nothing of what has changed.
        boolean isLogged = isOldWhole
                || operation == Operation.DELETE
                        && column < relation.columns().size()
                        && relation.columns().get(column).inReplicaIdentity();
        return isLogged ? held(old, column) : null;
    }

    private static @Nullable Row held(@Nullable Row row, int column) {
        return row == null || column >= row.size() || row.isUnchanged(column) ? null : row;
    }
}
