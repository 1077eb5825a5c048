package dev.campfire.realtime.access.rows;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What policies read of an image of a row. Images that do not differ in that are judged alike.
 *
 * @param key equal for equal values
 * @param values in the order of the columns, null for NULL
 */
record Projection(String key, List<@Nullable String> values) {

    /**
     * Of a change's new image, where it tells all of the columns.
     *
     * @return null when it does not
     */
    static @Nullable Projection ofNew(Change change, List<ImageColumn> columns) {
        Row row = change.after();
        return row == null ? null : of(row, wholeOld(change), columns);
    }

    /** The same of its old image. */
    static @Nullable Projection ofOld(Change change, List<ImageColumn> columns) {
        Row row = change.before();
        return row == null ? null : of(row, null, columns);
    }

    private static @Nullable Projection of(Row row, @Nullable Row older, List<ImageColumn> columns) {
        List<@Nullable String> values = new ArrayList<>(columns.size());
        StringBuilder key = new StringBuilder();
        for (ImageColumn column : columns) {
            int index = column.index();
            Row from = telling(row, older, index);
            if (from == null) {
                return null;
            }
            String text = from.text(index);
            values.add(text);
            if (text == null) {
                key.append("-;");
            } else {
                key.append(text.length()).append(':').append(text);
            }
        }
        return new Projection(key.toString(), values);
    }

    /** The old image, where it has what the new one leaves out. */
    static @Nullable Row wholeOld(Change change) {
        return change.hasWholeOldRow() ? change.before() : null;
    }

    /** Of an image and an older one that which tells the value of a column; null when neither does. */
    static @Nullable Row telling(Row row, @Nullable Row older, int index) {
        if (index >= row.size()) {
            return null;
        }
        Row from = row.isUnchanged(index) && older != null ? older : row;
        return index >= from.size() || from.isUnchanged(index) ? null : from;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Projection projection && key.equals(projection.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** Leaves the values out: they are somebody's. */
    @Override
    public String toString() {
        return "Projection of " + values.size() + " columns";
    }

    /** Writes this as an object of a JSON array that is read as a set of rows. */
    void write(StringBuilder out, int number, List<ImageColumn> columns) {
        JsonStringEncoder encoder = JsonStringEncoder.getInstance();
        out.append("{\"$n\":").append(number);
        for (int i = 0; i < columns.size(); i++) {
            String value = values.get(i);
            if (value != null) {
                out.append(",\"");
                encoder.quoteAsString(columns.get(i).name(), out);
                out.append("\":\"");
                encoder.quoteAsString(value, out);
                out.append('"');
            }
        }
        out.append('}');
    }
}
