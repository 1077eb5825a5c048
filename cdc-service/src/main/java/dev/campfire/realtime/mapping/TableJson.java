package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Relation;
import org.jspecify.annotations.Nullable;

/**
 * What is the same in the JSON of all rows of a table. It is kept for the tables that were written last: a relation is one
 * object until Postgres tells of the table anew. Safe for use by several threads.
 */
final class TableJson {

    /** A power of two. Of tables whose OIDs have the same last bits, the one that was written last is known. */
    private static final int MOST_KNOWN = 256;

    /** Immutable each, so it does not matter which one a thread sees. */
    private static final @Nullable TableJson[] KNOWN = new TableJson[MOST_KNOWN];

    private final Relation relation;
    private final byte[] name;
    private final byte[][] keys;

    private TableJson(Relation relation) {
        this.relation = relation;
        JsonBuffer out = new JsonBuffer(64);
        out.raw("\"schema\":");
        out.string(relation.schema());
        out.raw(",\"table\":");
        out.string(relation.table());
        this.name = out.copy(0, out.size());
        this.keys = new byte[relation.columns().size()][];
        for (int i = 0; i < keys.length; i++) {
            out.truncate(0);
            out.string(relation.columns().get(i).name());
            out.raw(':');
            keys[i] = out.copy(0, out.size());
        }
    }

    static TableJson of(Relation relation) {
        int place = relation.oid() & MOST_KNOWN - 1;
        TableJson known = KNOWN[place];
        if (known == null || known.relation != relation) {
            known = new TableJson(relation);
            KNOWN[place] = known;
        }
        return known;
    }

    /** {@code "schema":"public","table":"messages"}. For reading only. */
    byte[] name() {
        return name;
    }

    /** The name of the column at this place as a key, {@code "content":}. For reading only. */
    byte[] key(int column) {
        return keys[column];
    }
}
