package dev.campfire.realtime.capture;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One image of a row: Postgres's own text form of each value, untouched.
 *
 * <p>The values lie behind one another in one array that the row owns and that nobody changes: readers may encode
 * straight from {@link #bytes()}. A row knows nothing of its columns; the {@link Relation} of its change does.
 */
public final class Row {

    static final int NULL = -1;
    static final int UNCHANGED = -2;

    private final byte[] bytes;
    private final int[] starts;
    private final int[] lengths;

    /**
     * @param bytes the values in UTF-8, one behind the other; not copied, and not to be changed afterwards
     * @param starts where each value begins
     * @param lengths how long each value is: {@link #NULL}, or {@link #UNCHANGED} for one that is not in the WAL
     */
    Row(byte[] bytes, int[] starts, int[] lengths) {
        this.bytes = bytes;
        this.starts = starts;
        this.lengths = lengths;
    }

    /**
     * A row of the given text values.
     *
     * @param values one per column, null for NULL
     */
    public static Row of(@Nullable String... values) {
        Builder builder = new Builder(values.length);
        for (String value : values) {
            if (value == null) {
                builder.addNull();
            } else {
                builder.add(value.getBytes(StandardCharsets.UTF_8));
            }
        }
        return builder.build();
    }

    /** How many columns the image has. */
    public int size() {
        return lengths.length;
    }

    /** Whether the value is NULL. */
    public boolean isNull(int column) {
        return lengths[column] == NULL;
    }

    /**
     * Whether the value is not known: a large value stored out of line that an UPDATE did not touch, or a column outside
     * the key in an old image that holds the key alone. Under REPLICA IDENTITY FULL no image has any of these: what the
     * new one lacks is filled in from the old one.
     */
    public boolean isUnchanged(int column) {
        return lengths[column] == UNCHANGED;
    }

    /** The value's text form, or null when it is NULL or not known. */
    public @Nullable String text(int column) {
        int length = lengths[column];
        return length < 0 ? null : new String(bytes, starts[column], length, StandardCharsets.UTF_8);
    }

    /** The array that holds the values' text in UTF-8: to be read only. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where in {@link #bytes()} the value begins. */
    public int start(int column) {
        return starts[column];
    }

    /** How many bytes the value has; negative when it is NULL or not known. */
    public int length(int column) {
        return lengths[column];
    }

    /** Whether a value is the same in both rows; NULL equals NULL, and what is not known equals nothing. */
    public boolean sameValue(int column, Row other, int otherColumn) {
        int length = lengths[column];
        int otherLength = other.lengths[otherColumn];
        if (length == UNCHANGED || length != otherLength) {
            return false;
        }
        return length <= 0
                || Arrays.equals(
                        bytes,
                        starts[column],
                        starts[column] + length,
                        other.bytes,
                        other.starts[otherColumn],
                        other.starts[otherColumn] + length);
    }

    /** This row, with what is not known here taken from the other image of the same table. */
    Row filledFrom(Row other) {
        Builder builder = new Builder(size());
        for (int i = 0; i < size(); i++) {
            builder.addFrom(isUnchanged(i) ? other : this, i);
        }
        return builder.build();
    }

    /** Collects the values of a row in the order of its columns. Not safe for use by several threads. */
    public static final class Builder {
        private byte[] bytes;
        private final int[] starts;
        private final int[] lengths;
        private int used;
        private int column;

        public Builder(int columns) {
            this(columns, Math.max(16, columns * 16));
        }

        /** @param room how many bytes of values there is room for before it grows */
        public Builder(int columns, int room) {
            this.bytes = new byte[room];
            this.starts = new int[columns];
            this.lengths = new int[columns];
        }

        public Builder add(byte[] value) {
            return add(value, 0, value.length);
        }

        /** Adds a value by copying it. */
        public Builder add(byte[] source, int start, int length) {
            if (used + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + length));
            }
            System.arraycopy(source, start, bytes, used, length);
            starts[column] = used;
            lengths[column++] = length;
            used += length;
            return this;
        }

        public Builder addNull() {
            lengths[column++] = NULL;
            return this;
        }

        /** Adds a value that is not in the WAL because the change left it alone. */
        public Builder addUnchanged() {
            lengths[column++] = UNCHANGED;
            return this;
        }

        /** Adds a value of another row, whatever it is. */
        public Builder addFrom(Row other, int otherColumn) {
            int length = other.lengths[otherColumn];
            if (length < 0) {
                lengths[column++] = length;
                return this;
            }
            return add(other.bytes, other.starts[otherColumn], length);
        }

        /** The row; the builder is not to be used afterwards. */
        public Row build() {
            if (column != lengths.length) {
                throw new IllegalStateException("row has " + column + " of " + lengths.length + " values");
            }
            return new Row(bytes, starts, lengths);
        }
    }
}
