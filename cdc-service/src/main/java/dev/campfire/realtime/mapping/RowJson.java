package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes an image of a row as a JSON object, its columns in the table's order. */
final class RowJson {

    /** Which columns are written. */
    enum Columns {
        ALL,
        REPLICA_IDENTITY,
        PRIMARY_KEY;

        private boolean contains(Column column) {
            return switch (this) {
                case ALL -> true;
                case REPLICA_IDENTITY -> column.inReplicaIdentity();
                case PRIMARY_KEY -> column.inPrimaryKey();
            };
        }
    }

    private RowJson() {}

    /**
     * Writes the row.
     *
     * @param older the whole old image, in which values are found that the change left alone; null when there is none:
     *     then the keys of such values are left out
     */
    static void write(JsonBuffer out, Relation relation, Row row, @Nullable Row older, Columns which) {
        ValueJson values = new ValueJson(out);
        List<Column> columns = relation.columns();
        int size = Math.min(columns.size(), row.size());
        char separator = '{';
        for (int i = 0; i < size; i++) {
            Row source = row.isUnchanged(i) && older != null && i < older.size() ? older : row;
            if (!which.contains(columns.get(i)) || source.isUnchanged(i)) {
                continue;
            }
            out.raw(separator);
            out.string(columns.get(i).name());
            out.raw(':');
            if (source.isNull(i)) {
                out.nullValue();
            } else {
                int start = source.start(i);
                values.column(columns.get(i).type(), source.bytes(), start, start + source.length(i));
            }
            separator = ',';
        }
        if (separator == '{') {
            out.raw(separator);
        }
        out.raw('}');
    }
}
