package dev.campfire.realtime.access.rows;

import java.util.List;

/**
 * A table as row-level security sees it.
 *
 * @param oid its OID
 * @param schema its schema, unquoted
 * @param name its name, unquoted
 * @param ruled the name under which its policies know it: its own, or that of the partitioned table whose they are
 * @param isPlain whether it is an ordinary table, without partitions or children, and logged
 * @param isProtected whether row-level security is on, for it or for a table that it is a partition of: who may not see a
 *     row there is not shown it here
 * @param isForced whether it holds for the owner, too
 * @param owner the owner's OID
 * @param isPublished whether every change of it comes with the stream, whatever the row
 * @param policies those that decide what is read
 */
record PolicyTable(
        long oid,
        String schema,
        String name,
        String ruled,
        boolean isPlain,
        boolean isProtected,
        boolean isForced,
        long owner,
        boolean isPublished,
        List<Policy> policies) {

    PolicyTable {
        policies = List.copyOf(policies);
    }
}
