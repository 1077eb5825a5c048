package dev.campfire.realtime.changes;

/** What comes of a condition. */
enum Truth {
    YES,
    /** False, or NULL, which never lets anything through. */
    NO,
    /** Only Postgres can tell. */
    ASK;

    static Truth of(boolean value) {
        return value ? YES : NO;
    }
}
