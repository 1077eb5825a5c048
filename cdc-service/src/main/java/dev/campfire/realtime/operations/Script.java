package dev.campfire.realtime.operations;

/**
 * An SQL file that {@code init} applies.
 *
 * @param name the file's name, for people
 * @param sql its text: several statements, none of them of psql or of transaction control
 */
public record Script(String name, String sql) {}
