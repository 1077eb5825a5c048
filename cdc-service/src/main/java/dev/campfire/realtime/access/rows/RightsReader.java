package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Relation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what a role may see of a table. Blocking; for one connection, within one transaction. */
final class RightsReader {

    /** The last two columns: what the role may become, and what has become of whom the service logs in as. */
    private static final String ROLE = """
            SELECT r.oid::int8, r.rolsuper, r.rolbypassrls, pg_catalog.pg_has_role(r.oid, ?::int8::oid, 'USAGE'),
                   pg_catalog.has_schema_privilege(r.oid, ?, 'USAGE'),
                   pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER')
              FROM pg_catalog.pg_roles r WHERE r.rolname = ?""";

    private static final String MEMBERSHIPS = """
            SELECT o.oid::int8 FROM pg_catalog.pg_roles o
             WHERE o.oid = ANY (?::int8[]::oid[]) AND pg_catalog.pg_has_role(?::int8::oid, o.oid, 'USAGE')""";

    private static final String COLUMNS = """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                   pg_catalog.has_column_privilege(?::int8::oid, a.attrelid, a.attnum, 'SELECT'),
                   (WITH RECURSIVE base(oid) AS (
                      SELECT a.atttypid UNION ALL
                      SELECT t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype = 'd')
                    SELECT pg_catalog.bool_or(oid IN (114, 3802)) FROM base)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = ?::int8::oid AND a.attnum > 0 AND NOT a.attisdropped""";

    private static final String MAY_READ = """
            SELECT pg_catalog.has_schema_privilege(?::int8::oid, ?, 'USAGE')
                   AND bool_and(pg_catalog.has_column_privilege(?::int8::oid, a.attrelid, a.attnum, 'SELECT'))
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = ?::int8::oid AND a.attname = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped""";

    /**
     * The schemas of all that policies name besides their own tables, and of the types of these tables' columns that they read, as
     * far as a role may not use them.
     */
    private static final String NOT_NAMEABLE = """
            SELECT 1 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_policy own ON own.oid = d.objid
              JOIN LATERAL (
                SELECT p.pronamespace FROM pg_catalog.pg_proc p
                 WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.refobjid AND NOT p.oid::int8 = ANY (?)
                UNION ALL SELECT o.oprnamespace FROM pg_catalog.pg_operator o
                 WHERE d.refclassid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.refobjid
                UNION ALL SELECT t.typnamespace FROM pg_catalog.pg_type t
                 WHERE d.refclassid = 'pg_catalog.pg_type'::regclass AND t.oid = d.refobjid
                UNION ALL SELECT l.collnamespace FROM pg_catalog.pg_collation l
                 WHERE d.refclassid = 'pg_catalog.pg_collation'::regclass AND l.oid = d.refobjid
                UNION ALL SELECT t.typnamespace FROM pg_catalog.pg_attribute a
                  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                 WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = own.polrelid
                   AND a.attrelid = own.polrelid AND a.attnum = d.refobjsubid
                UNION ALL SELECT c.relnamespace FROM pg_catalog.pg_class c
                 WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND c.oid = d.refobjid AND c.oid <> own.polrelid
              ) AS named(schema) ON NOT pg_catalog.has_schema_privilege(?::int8::oid, named.schema, 'USAGE')
             WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = ANY (?::int8[]::oid[]) LIMIT 1""";

    private static final String NOT_ALLOWED = """
            SELECT 1 FROM pg_catalog.pg_class c
             WHERE c.oid = ANY (?::int8[]::oid[]) AND NOT pg_catalog.has_table_privilege(?::int8::oid, c.oid, 'SELECT')
            UNION ALL
            SELECT 1 FROM pg_catalog.pg_proc p
             WHERE p.oid = ANY (?::int8[]::oid[]) AND NOT pg_catalog.has_function_privilege(?::int8::oid, p.oid, 'EXECUTE')
            LIMIT 1""";

    /** A role that row-level security does not bind, for statements whose policies are written out in them. */
    private static final String ACTOR = """
            SELECT oid::int8, rolname FROM pg_catalog.pg_roles
             WHERE rolbypassrls AND NOT rolsuper AND rolname = 'service_role'
               AND pg_catalog.pg_has_role(session_user, oid, 'MEMBER')""";

    private final Connection connection;
    private final PolicyReader policies;

    RightsReader(Connection connection, PolicyReader policies) {
        this.connection = connection;
        this.policies = policies;
    }

    /** A role as it stands to one table. */
    private record Role(long oid, boolean isExempt, boolean hasSchema, boolean isOurs) {}

    /** The role that may run statements which judge many. */
    record Actor(long oid, String name) {}

    /** What is known of a column. */
    record Attribute(String name, String type, boolean isReadable, boolean isJson) {}

    /** @param table the relation's table; null when it is gone */
    RoleRights rights(Relation relation, @Nullable PolicyTable table, String roleName) throws SQLException {
        Role role = table == null ? null : role(table, roleName);
        if (table == null || role == null) {
            String why = table == null ? "the table is gone" : "there is no role " + roleName;
            return new RoleRights(new BitSet(), false, new Predicate.Never(why), null);
        }
        Map<String, Attribute> attributes = attributes(table.oid(), role.oid());
        BitSet readable = readable(relation, attributes);
        boolean hasKey = true;
        for (int i = 0; i < relation.columns().size(); i++) {
            hasKey &= readable.get(i) || !relation.columns().get(i).inPrimaryKey();
        }
        return rights(
                relation,
                table,
                roleName,
                role,
                attributes,
                readable,
                role.hasSchema() && hasKey && !readable.isEmpty());
    }

    private RoleRights rights(
            Relation relation,
            PolicyTable table,
            String roleName,
            Role role,
            Map<String, Attribute> attributes,
            BitSet readable,
            boolean hasSchemaAndKey)
            throws SQLException {
        if (!role.isOurs()) {
            Predicate never = new Predicate.Never("the service may not become the role " + roleName);
            return new RoleRights(readable, hasSchemaAndKey, never, null);
        }
        if (!table.isProtected() || role.isExempt()) {
            return new RoleRights(readable, hasSchemaAndKey, null, null);
        }
        PredicateBuilder builder =
                new PredicateBuilder(this, policies, relation, table, roleName, role.oid(), attributes);
        return new RoleRights(readable, hasSchemaAndKey, builder.build(), builder.reread());
    }

    private static BitSet readable(Relation relation, Map<String, Attribute> attributes) {
        BitSet readable = new BitSet();
        for (int i = 0; i < relation.columns().size(); i++) {
            Attribute attribute = attributes.get(relation.columns().get(i).name());
            readable.set(i, attribute != null && attribute.isReadable());
        }
        return readable;
    }

    private @Nullable Role role(PolicyTable table, String roleName) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROLE)) {
            statement.setLong(1, table.owner());
            statement.setString(2, table.schema());
            statement.setString(3, roleName);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                boolean isExempt = row.getBoolean(3) || row.getBoolean(4) && !table.isForced();
                // No token makes its holder a superuser, whoever signed it.
                boolean isOurs = row.getBoolean(6) && !row.getBoolean(2);
                return new Role(row.getLong(1), isExempt, row.getBoolean(5), isOurs);
            }
        }
    }

    /** Whether the policies of the table bind the role. */
    boolean isBound(PolicyTable table, String roleName) throws SQLException {
        Role role = role(table, roleName);
        return role == null || table.isProtected() && !role.isExempt();
    }

    /** The policies of a table that hold for a role. */
    List<Policy> policiesFor(PolicyTable table, long role) throws SQLException {
        Set<Long> named = new HashSet<>();
        table.policies().forEach(policy -> named.addAll(policy.roles()));
        Set<Long> held = new HashSet<>();
        held.add(0L);
        try (PreparedStatement statement = connection.prepareStatement(MEMBERSHIPS)) {
            statement.setArray(1, connection.createArrayOf("int8", named.toArray()));
            statement.setLong(2, role);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    held.add(row.getLong(1));
                }
            }
        }
        List<Policy> holding = new ArrayList<>();
        for (Policy policy : table.policies()) {
            if (policy.roles().stream().anyMatch(held::contains)) {
                holding.add(policy);
            }
        }
        return holding;
    }

    /** Whether the role may use the table's schema and SELECT these of its columns. */
    boolean mayRead(PolicyTable table, Set<String> columns, long role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MAY_READ)) {
            statement.setLong(1, role);
            statement.setString(2, table.schema());
            statement.setLong(3, role);
            statement.setLong(4, table.oid());
            statement.setArray(5, connection.createArrayOf("text", columns.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** The columns of a table by name, and whether the role may read them. */
    Map<String, Attribute> attributes(long table, long role) throws SQLException {
        Map<String, Attribute> attributes = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, role);
            statement.setLong(2, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    attributes.put(
                            row.getString(1),
                            new Attribute(row.getString(1), row.getString(2), row.getBoolean(3), row.getBoolean(4)));
                }
            }
        }
        return attributes;
    }

    /** The role that may run statements which judge many, or null when there is none. */
    @Nullable
    Actor actor() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACTOR);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? new Actor(row.getLong(1), row.getString(2)) : null;
        }
    }

    /**
     * Whether a role may write out all that policies name. Postgres itself asks for no schema's privilege when it applies a
     * policy, whose names it has looked up when the policy was made.
     *
     * @param replaced functions by OID that are not written out
     */
    boolean mayName(Collection<Policy> policies, Collection<Long> replaced, long role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NOT_NAMEABLE)) {
            statement.setArray(1, connection.createArrayOf("int8", replaced.toArray()));
            statement.setLong(2, role);
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", policies.stream().map(Policy::oid).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return !row.next();
            }
        }
    }

    /** Whether a role may read all columns of tables and call functions. */
    boolean mayUse(Collection<Long> tables, Collection<Long> functions, long role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NOT_ALLOWED)) {
            statement.setArray(1, connection.createArrayOf("int8", tables.toArray()));
            statement.setLong(2, role);
            statement.setArray(3, connection.createArrayOf("int8", functions.toArray()));
            statement.setLong(4, role);
            try (ResultSet row = statement.executeQuery()) {
                return !row.next();
            }
        }
    }

    /** The relation's columns that an image is made of, by the names in the order of the table. */
    static List<ImageColumn> imageColumns(Relation relation, Set<String> names, Map<String, Attribute> attributes) {
        List<ImageColumn> columns = new ArrayList<>();
        List<Column> published = relation.columns();
        for (int i = 0; i < published.size(); i++) {
            Attribute attribute = attributes.get(published.get(i).name());
            if (attribute != null && names.contains(attribute.name())) {
                columns.add(new ImageColumn(i, attribute.name(), attribute.type(), attribute.isJson()));
            }
        }
        return columns;
    }
}
