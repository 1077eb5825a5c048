package dev.campfire.realtime.conversations;

/**
 * What is wrong with a field.
 *
 * @param field its name, in the body or the query
 * @param detail what it has to be, in words that may follow the name
 */
public record FieldError(String field, String detail) {}
