package dev.campfire.realtime.backfill;

import java.util.List;

/**
 * A table that the stream tells of by itself: the one that was asked for, or one of its partitions.
 *
 * @param schema unquoted
 * @param table unquoted
 * @param key the columns that tell its rows apart, in the order of their index
 */
record Part(String schema, String table, List<String> key) {

    Part {
        key = List.copyOf(key);
    }

    String name() {
        return schema + "." + table;
    }

    boolean isTable(String otherSchema, String otherTable) {
        return schema.equals(otherSchema) && table.equals(otherTable);
    }
}
