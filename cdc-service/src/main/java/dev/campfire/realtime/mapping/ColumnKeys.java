package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Relation;
import org.jspecify.annotations.Nullable;

/**
 * The names of a table's columns as the keys of a JSON object, {@code "name":}. Those of the tables that were written last
 * are kept: a relation is one object until Postgres tells of the table anew. Safe for use by several threads.
 */
final class ColumnKeys {

    /** A power of two. Of tables whose OIDs have the same last bits, the one that was written last is known. */
    private static final int MOST_KNOWN = 256;

    /** Immutable each, so it does not matter which one a thread sees. */
    private static final @Nullable ColumnKeys[] KNOWN = new ColumnKeys[MOST_KNOWN];

    private final Relation relation;
    private final byte[][] keys;

    private ColumnKeys(Relation relation) {
        this.relation = relation;
        this.keys = new byte[relation.columns().size()][];
        for (int i = 0; i < keys.length; i++) {
            JsonBuffer key = new JsonBuffer(64);
            key.string(relation.columns().get(i).name());
            key.raw(':');
            keys[i] = key.copy(0, key.size());
        }
    }

    static ColumnKeys of(Relation relation) {
        int place = relation.oid() & MOST_KNOWN - 1;
        ColumnKeys known = KNOWN[place];
        if (known == null || known.relation != relation) {
            known = new ColumnKeys(relation);
            KNOWN[place] = known;
        }
        return known;
    }

    /** The key of the column at this place, with its colon. For reading only. */
    byte[] key(int column) {
        return keys[column];
    }
}
