package dev.campfire.realtime.changes;

import java.util.Optional;

/**
 * What a filter has to know of a column.
 *
 * @param type its type as SQL, without what a cast would cut values by
 * @param kind what can be told by its text
 * @param collation {@code COLLATE} and the collation's name where it is not the type's own, else empty
 * @param isBoolean whether it is a boolean
 */
record TableColumn(String name, String type, ValueKind kind, String collation, boolean isBoolean) {

    /** A user's spelling of a value of this column in Postgres's own; nothing when only Postgres can tell. */
    Optional<String> canonical(String value) {
        return kind.canonical(value).filter(this::isInRange);
    }

    /** What is out of range is Postgres's to refuse. */
    private boolean isInRange(String canonical) {
        if (kind != ValueKind.INTEGER) {
            return true;
        }
        long number = Long.parseLong(canonical);
        return switch (type) {
            case "bigint" -> true;
            case "integer" -> number == (int) number;
            default -> number == (short) number;
        };
    }
}
