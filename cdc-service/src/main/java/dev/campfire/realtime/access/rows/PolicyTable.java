package dev.campfire.realtime.access.rows;

import java.util.List;

/**
 * A table as row-level security sees it.
 *
 * @param oid its OID
 * @param schema its schema, unquoted
 * @param name its name, unquoted
 * @param isPlain whether it is an ordinary table, without partitions or children, and logged
 * @param isProtected whether row-level security is on
 * @param isForced whether it holds for the owner, too
 * @param owner the owner's OID
 * @param isPublished whether every change of it comes with the stream, whatever the row
 * @param policies those that decide what is read
 */
record PolicyTable(
        long oid,
        String schema,
        String name,
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
