package dev.campfire.realtime.mapping.rules;

import dev.cel.common.values.NullValue;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One image of a row as a value of CEL, its columns read when they are asked for. For one evaluation. */
final class RowValues extends AbstractMap<String, Object> {

    private final RowTypes types;
    private final Images images;
    private final Side side;

    RowValues(RowTypes types, Images images, Side side) {
        this.types = types;
        this.images = images;
        this.side = side;
    }

    /** A condition rests on a value that is not logged. */
    static final class NotKnownException extends RuntimeException {
        NotKnownException(String column) {
            super("the value of " + column + " is not known", null, false, false);
        }
    }

    /**
     * The column's value, {@link NullValue} for NULL.
     *
     * @throws NotKnownException when it is not known
     * @throws IllegalArgumentException when it can't be read
     */
    @Override
    public @Nullable Object get(@Nullable Object column) {
        int index = column instanceof String name ? types.indexOf(name) : -1;
        if (index < 0) {
            return null;
        }
        String text = images.text(side, index);
        if (text != null) {
            return types.kind(index).read(text);
        }
        if (images.isNull(side, index)) {
            return NullValue.NULL_VALUE;
        }
        throw new NotKnownException(String.valueOf(column));
    }

    /** Whether the table has the column. CEL asks before it reads, so that what is not known must count as there. */
    @Override
    public boolean containsKey(@Nullable Object column) {
        return column instanceof String name && types.indexOf(name) >= 0;
    }

    /** Whether a column has another value than in the other image, compared as text. */
    boolean differs(RowValues other, String column) {
        return switch (new Condition.Changed(types.indexOf(column)).judge(other.images)) {
            case HOLDS -> true;
            case HOLDS_NOT -> false;
            case NOT_KNOWN, FAILS -> throw new NotKnownException(column);
        };
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> all = new LinkedHashMap<>();
        types.columns().forEach(column -> {
            Object value = get(column);
            if (value != null) {
                all.put(column, value);
            }
        });
        return all.entrySet();
    }
}
