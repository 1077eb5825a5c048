package dev.campfire.realtime.capture;

/** What a committed change did. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE,
    /** A message written with {@code pg_logical_emit_message}: it has no table. */
    MESSAGE
}
