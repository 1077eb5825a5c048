package dev.campfire.realtime.capture;

import java.util.List;

/**
 * A published table, as it was when the change was made.
 *
 * @param oid its OID in {@code pg_class}
 * @param schema its schema, unquoted
 * @param table its name, unquoted
 * @param replicaIdentity what Postgres logs of a row's old image
 * @param columns the published columns in the order of {@code attnum}
 */
public record Relation(int oid, String schema, String table, ReplicaIdentity replicaIdentity, List<Column> columns) {

    /** {@code pg_class.relreplident}. */
    public enum ReplicaIdentity {
        DEFAULT,
        NOTHING,
        FULL,
        INDEX
    }

    public Relation {
        columns = List.copyOf(columns);
    }

    /** A few of its parts tell relations apart, and all of them would be looked at for each change. */
    @Override
    public int hashCode() {
        return 31 * (31 * oid + table.hashCode()) + columns.size();
    }

    /** The place of the column of this name, or -1. */
    public int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }
}
