package dev.campfire.realtime.access.rows;

import java.util.Map;
import java.util.Set;

/**
 * A policy that decides what is read.
 *
 * @param oid its OID
 * @param isPermissive whether it opens, rather than narrows
 * @param roles the OIDs of the roles that it is for; 0 is everybody
 * @param sql its USING expression, every name in full
 * @param shadowSql the same with the tables that it reads named without their schemas, so that a common table expression
 *     can stand in their place; null when that can't be done
 * @param expression what it is made of
 * @param columns the columns of its own table that it reads, or more
 * @param readColumns the columns of other tables that it reads, by the table's OID
 */
record Policy(
        long oid,
        boolean isPermissive,
        Set<Long> roles,
        String sql,
        @org.jspecify.annotations.Nullable String shadowSql,
        StoredExpression expression,
        Set<String> columns,
        Map<Long, Set<String>> readColumns) {

    Policy {
        roles = Set.copyOf(roles);
        columns = Set.copyOf(columns);
        readColumns = Map.copyOf(readColumns);
    }
}
