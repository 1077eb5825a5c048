package dev.campfire.realtime.journal;

/**
 * A value under a name, see {@link Notes}.
 *
 * @param name without the character 0
 * @param value not to be changed
 */
public record Note(String name, byte[] value) {}
