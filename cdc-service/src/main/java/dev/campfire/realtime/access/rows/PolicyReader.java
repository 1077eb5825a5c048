package dev.campfire.realtime.access.rows;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads tables, policies and functions from the catalog. Blocking; for one connection, within one transaction. */
final class PolicyReader {

    private static final String TABLE = """
            SELECT c.oid::int8, n.nspname, c.relname, r.oid::int8, coalesce(r.relforcerowsecurity, false), c.relowner::int8,
                   c.relkind = 'r' AND c.relpersistence = 'p' AND NOT c.relispartition
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid) AS is_plain,
                   EXISTS (SELECT FROM pg_catalog.pg_publication_tables t
                             JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname
                            WHERE t.pubname = ? AND t.schemaname = n.nspname AND t.tablename = c.relname
                              AND p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate
                              AND pg_catalog.to_jsonb(t) ->> 'rowfilter' IS NULL) AS is_published,
                   coalesce(r.relname, c.relname)
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN LATERAL (
                SELECT own.* FROM (
                  SELECT c.oid AS relid, 0::int8 AS place
                  UNION ALL SELECT a.relid, a.place
                    FROM pg_catalog.pg_partition_ancestors(c.oid) WITH ORDINALITY AS a(relid, place)) AS line
                  JOIN pg_catalog.pg_class own ON own.oid = line.relid
                 WHERE own.relrowsecurity ORDER BY line.place LIMIT 1) AS r ON true
             WHERE c.oid = ?::int8::oid""";

    /** In the order in which Postgres looks at those that open: one that fails may stand behind one that holds. */
    private static final String POLICIES = """
            SELECT oid::int8, polpermissive, polroles::int8[], pg_catalog.pg_get_expr(polqual, polrelid), polqual::text
              FROM pg_catalog.pg_policy WHERE polrelid = ?::int8::oid AND polcmd IN ('r', '*') ORDER BY polname DESC""";

    private static final String SHADOWED = """
            SELECT pg_catalog.pg_get_expr(polqual, polrelid) FROM pg_catalog.pg_policy WHERE oid = ?::int8::oid""";

    private static final String COLUMNS_READ = """
            SELECT DISTINCT d.refobjid::int8, a.attname FROM pg_catalog.pg_depend d
              JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
             WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = ?::int8::oid
               AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0""";

    private static final String VISIBLE = """
            SELECT n.nspname, pg_catalog.pg_table_is_visible(c.oid) FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (?::int8[]::oid[])""";

    private static final String ROUTINES = """
            SELECT p.oid::int8, n.nspname, p.proname, pg_catalog.format_type(p.prorettype, NULL), p.provolatile::text,
                   n.nspname = 'pg_catalog' AS is_builtin, l.lanname, p.pronargs, p.proretset, p.prosrc,
                   EXISTS (SELECT FROM pg_catalog.pg_operator o WHERE o.oprcode = p.oid) AS is_operator, p.xmin::text
              FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
              JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE p.oid = ANY (?::int8[]::oid[])""";

    /** Functions that Postgres calls stable because of the session's time zone and spellings, which here are constant. */
    private static final Set<String> CONSTANT_HERE = Set.of(
            "to_jsonb",
            "to_json",
            "jsonb_build_object",
            "jsonb_build_array",
            "json_build_object",
            "json_build_array",
            "row_to_json",
            "array_to_json",
            "array_to_string",
            "date_trunc",
            "date_part",
            "extract",
            "timezone",
            "concat",
            "concat_ws",
            "format",
            "timestamptz",
            "timestamp",
            "date",
            "time",
            "timetz",
            "text",
            "to_char");

    private final Connection connection;
    private final String publication;

    /** @param publication the one whose changes are seen */
    PolicyReader(Connection connection, String publication) {
        this.connection = connection;
        this.publication = publication;
    }

    /** The table, or null when there is none with this OID. */
    @Nullable
    PolicyTable table(long oid) throws SQLException {
        setPath("");
        try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
            statement.setString(1, publication);
            statement.setLong(2, oid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? table(row) : null;
            }
        }
    }

    private PolicyTable table(ResultSet row) throws SQLException {
        long oid = row.getLong(1);
        long ruling = row.getLong(4);
        boolean isProtected = !row.wasNull();
        return new PolicyTable(
                oid,
                row.getString(2),
                row.getString(3),
                row.getString(9),
                row.getBoolean(7),
                isProtected,
                row.getBoolean(5),
                row.getLong(6),
                row.getBoolean(8),
                isProtected ? policies(ruling) : List.of());
    }

    private record Stored(
            long oid,
            boolean isPermissive,
            Set<Long> roles,
            @Nullable String sql,
            @Nullable String tree) {}

    private List<Policy> policies(long table) throws SQLException {
        List<Stored> stored = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(POLICIES)) {
            statement.setLong(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    stored.add(new Stored(
                            row.getLong(1),
                            row.getBoolean(2),
                            oids(row.getArray(3)),
                            row.getString(4),
                            row.getString(5)));
                }
            }
        }
        List<Policy> policies = new ArrayList<>();
        for (Stored policy : stored) {
            policies.add(policy(table, policy));
        }
        return policies;
    }

    /** A policy without an expression, one for INSERT made to be read as one for ALL, lets everything through. */
    private Policy policy(long table, Stored stored) throws SQLException {
        if (stored.sql() == null || stored.tree() == null) {
            return new Policy(
                    stored.oid(),
                    stored.isPermissive(),
                    stored.roles(),
                    "true",
                    "true",
                    StoredExpression.of(""),
                    Set.of(),
                    Map.of());
        }
        StoredExpression expression = StoredExpression.of(stored.tree());
        Map<Long, Set<String>> columns = columnsRead(stored.oid());
        Set<String> own = columns.getOrDefault(table, Set.of());
        columns.remove(table);
        return new Policy(
                stored.oid(),
                stored.isPermissive(),
                stored.roles(),
                stored.sql(),
                shadowed(stored, expression.relations()),
                expression,
                own,
                columns);
    }

    private Map<Long, Set<String>> columnsRead(long policy) throws SQLException {
        Map<Long, Set<String>> columns = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS_READ)) {
            statement.setLong(1, policy);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.computeIfAbsent(row.getLong(1), any -> new HashSet<>())
                            .add(row.getString(2));
                }
            }
        }
        return columns;
    }

    private @Nullable String shadowed(Stored policy, Set<Long> relations) throws SQLException {
        if (relations.isEmpty()) {
            return policy.sql();
        }
        setPath(path(relations));
        try (PreparedStatement statement = connection.prepareStatement(SHADOWED)) {
            if (!allVisible(relations)) {
                return null;
            }
            statement.setLong(1, policy.oid());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        } finally {
            setPath("");
        }
    }

    /** The search path in which these tables need no schema before their names. */
    String path(Set<Long> relations) throws SQLException {
        Set<String> schemas = new java.util.TreeSet<>();
        visibility(relations).forEach((schema, isVisible) -> schemas.add(Sql.quoted(schema)));
        return String.join(", ", schemas);
    }

    private boolean allVisible(Set<Long> relations) throws SQLException {
        return !visibility(relations).containsValue(false);
    }

    /** By schema, whether all of these that are in it can be named without it. */
    private Map<String, Boolean> visibility(Set<Long> relations) throws SQLException {
        Map<String, Boolean> visible = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(VISIBLE)) {
            statement.setArray(1, connection.createArrayOf("int8", relations.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    visible.merge(row.getString(1), row.getBoolean(2), Boolean::logicalAnd);
                }
            }
        }
        return visible;
    }

    /** The functions of these OIDs that there are. */
    Map<Long, Routine> routines(Collection<Long> oids) throws SQLException {
        setPath("");
        Map<Long, Routine> routines = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(ROUTINES)) {
            statement.setArray(1, connection.createArrayOf("int8", oids.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    routines.put(
                            row.getLong(1),
                            new Routine(
                                    row.getLong(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    nature(row),
                                    row.getString(12)));
                }
            }
        }
        return routines;
    }

    private static Routine.Nature nature(ResultSet row) throws SQLException {
        String volatility = row.getString(5);
        if (row.getBoolean(6)) {
            if ("current_setting".equals(row.getString(3))) {
                return Routine.Nature.SESSION;
            }
            boolean isConstant = "i".equals(volatility)
                    || "s".equals(volatility) && (row.getBoolean(11) || CONSTANT_HERE.contains(row.getString(3)));
            return isConstant ? Routine.Nature.PURE : Routine.Nature.UNKNOWN;
        }
        if ("i".equals(volatility) && "c".equals(row.getString(7))) {
            // An extension's: it can't be written by those who write policies.
            return Routine.Nature.PURE;
        }
        boolean mayReadClaims = "sql".equals(row.getString(7)) && row.getInt(8) == 0 && !row.getBoolean(9);
        return mayReadClaims && Routine.readsClaimsOnly(row.getString(10))
                ? Routine.Nature.CLAIMS
                : Routine.Nature.UNKNOWN;
    }

    private void setPath(String path) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL search_path = " + (path.isEmpty() ? "''" : path));
        }
    }

    private static Set<Long> oids(Array array) throws SQLException {
        return Arrays.stream((Long[]) array.getArray()).collect(Collectors.toSet());
    }
}
