package dev.campfire.realtime.backfill;

import org.jspecify.annotations.Nullable;

/**
 * What is to be told.
 *
 * @param schema the table's schema, unquoted
 * @param table its name, unquoted
 * @param where a condition in SQL that its rows have to meet; null for all rows
 * @param rowsPerSecond how many rows are read in a second at most; 0 for as many as can be
 * @param isAgain whether rows are told of that the journal has told of already
 */
public record BackfillRequest(
        String schema, String table, @Nullable String where, int rowsPerSecond, boolean isAgain) {

    /** {@code schema.table}. */
    public String name() {
        return schema + "." + table;
    }

    /** Whether both mean the same rows. */
    boolean isAbout(BackfillRequest other) {
        return schema.equals(other.schema)
                && table.equals(other.table)
                && (where == null ? other.where == null : where.equals(other.where));
    }
}
