package dev.campfire.realtime.changes;

/** A table of the publication. */
record PublishedTable(long oid, String schema, String table) {}
