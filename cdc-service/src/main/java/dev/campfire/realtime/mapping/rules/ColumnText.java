package dev.campfire.realtime.mapping.rules;

/**
 * A column as the file names it.
 *
 * @param name the column's name, unquoted
 * @param at where it is named
 */
record ColumnText(String name, Place at) {}
