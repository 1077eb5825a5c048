package dev.campfire.realtime.access.rows;

/**
 * A column that a question carries.
 *
 * @param index its place in the relation
 * @param name its name, unquoted
 * @param type its type, as SQL
 * @param isJson whether its text is JSON, which a question must carry as such
 */
record ImageColumn(int index, String name, String type, boolean isJson) {}
