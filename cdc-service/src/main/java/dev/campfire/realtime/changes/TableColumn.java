package dev.campfire.realtime.changes;

/**
 * What a filter has to know of a column.
 *
 * @param type its type as SQL, without what a cast would cut values by
 * @param kind what can be told by its text
 * @param collation {@code COLLATE} and the collation's name where it is not the type's own, else empty
 * @param isBoolean whether it is a boolean
 */
record TableColumn(String name, String type, ValueKind kind, String collation, boolean isBoolean) {}
