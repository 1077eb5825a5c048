package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes an image of a row as a JSON object, its columns in the table's order. */
public final class RowJson {

    /** Values of any length. */
    public static final int ANY_LENGTH = Integer.MAX_VALUE;

    /** Which columns are written. */
    @FunctionalInterface
    public interface Choice {

        /** @param index the column's place in the relation */
        boolean contains(int index, Column column);
    }

    /** The choices that do not depend on who reads. */
    enum Columns implements Choice {
        ALL,
        REPLICA_IDENTITY,
        PRIMARY_KEY;

        @Override
        public boolean contains(int index, Column column) {
            return switch (this) {
                case ALL -> true;
                case REPLICA_IDENTITY -> column.inReplicaIdentity();
                case PRIMARY_KEY -> column.inPrimaryKey();
            };
        }
    }

    private RowJson() {}

    /** The columns of these names; all for null. */
    static Choice named(@Nullable List<String> names) {
        return names == null ? Columns.ALL : (index, column) -> names.contains(column.name());
    }

    /**
     * Writes the row.
     *
     * @param older the whole old image, in which values are found that the change left alone; null when there is none:
     *     then the keys of such values are left out
     * @param longest how many bytes a value may have as JSON; longer ones are left out with their keys
     */
    public static void write(
            JsonBuffer out, Relation relation, Row row, @Nullable Row older, Choice which, int longest) {
        ValueJson values = new ValueJson(out);
        List<Column> columns = relation.columns();
        TableJson table = TableJson.of(relation);
        int size = Math.min(columns.size(), row.size());
        char separator = '{';
        for (int i = 0; i < size; i++) {
            Row source = row.isUnchanged(i) && older != null && i < older.size() ? older : row;
            if (!which.contains(i, columns.get(i)) || source.isUnchanged(i)) {
                continue;
            }
            int before = out.size();
            out.raw(separator);
            out.raw(table.key(i));
            int valueStart = out.size();
            if (source.isNull(i)) {
                out.nullValue();
            } else {
                int start = source.start(i);
                values.column(columns.get(i).type(), source.bytes(), start, start + source.length(i));
            }
            if (out.size() - valueStart > longest) {
                out.truncate(before);
            } else {
                separator = ',';
            }
        }
        if (separator == '{') {
            out.raw(separator);
        }
        out.raw('}');
    }
}
