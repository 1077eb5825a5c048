package dev.campfire.realtime.mapping.rules;

/** What keeps a column's value from standing in a channel's name. */
public enum IdFlaw {
    /** There is no such column, or it is not published. */
    COLUMN_MISSING,
    /** Postgres has not logged the old row's value. */
    NOT_LOGGED,
    NULL,
    /** It is not what its format asks for, or the channel's name becomes too long. */
    MALFORMED
}
