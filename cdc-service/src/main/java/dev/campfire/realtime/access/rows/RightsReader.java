package dev.campfire.realtime.access.rows;

import dev.campfire.realtime.capture.Relation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what a role may see of a table. Blocking; for one connection. */
final class RightsReader {

    /** The last but one: what binds the owner binds nobody else less. The last: whether the service may act for the role. */
    private static final String RIGHTS = """
            SELECT r.oid::int8, c.relrowsecurity,
                   r.rolbypassrls
                     OR pg_catalog.pg_has_role(r.oid, c.relowner, 'USAGE') AND NOT c.relforcerowsecurity AS is_exempt,
                   pg_catalog.has_schema_privilege(r.oid, c.relnamespace, 'USAGE'),
                   pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER') AND NOT r.rolsuper
                     AND r.rolname <> session_user AS is_ours
              FROM pg_catalog.pg_roles r CROSS JOIN pg_catalog.pg_class c
             WHERE r.rolname = ? AND c.oid = ?::int8::oid""";

    private static final String COLUMNS = """
            SELECT attname FROM pg_catalog.pg_attribute
             WHERE attrelid = ?::int8::oid AND attnum > 0 AND NOT attisdropped
               AND pg_catalog.has_column_privilege(?::int8::oid, attrelid, attnum, 'SELECT')""";

    private final Connection connection;

    RightsReader(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param now for {@link RoleRights#readAt}
     */
    RoleRights rights(Relation relation, String role, long now) throws SQLException {
        long table = Integer.toUnsignedLong(relation.oid());
        try (PreparedStatement statement = connection.prepareStatement(RIGHTS)) {
            statement.setString(1, role);
            statement.setLong(2, table);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return new RoleRights(new BitSet(), false, "the table or the role is not there", now);
                }
                BitSet columns = readable(relation, table, row.getLong(1));
                boolean isComplete = row.getBoolean(4) && !columns.isEmpty() && holdsKey(relation, columns);
                return new RoleRights(columns, isComplete, withheld(row), now);
            }
        }
    }

    private static @Nullable String withheld(ResultSet row) throws SQLException {
        if (!row.getBoolean(5)) {
            return "the service may not act for this role";
        }
        return row.getBoolean(2) && !row.getBoolean(3) ? "row-level security protects the table" : null;
    }

    private static boolean holdsKey(Relation relation, BitSet columns) {
        for (int i = 0; i < relation.columns().size(); i++) {
            if (relation.columns().get(i).inPrimaryKey() && !columns.get(i)) {
                return false;
            }
        }
        return true;
    }

    private BitSet readable(Relation relation, long table, long role) throws SQLException {
        Set<String> names = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, table);
            statement.setLong(2, role);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        BitSet columns = new BitSet();
        for (int i = 0; i < relation.columns().size(); i++) {
            columns.set(i, names.contains(relation.columns().get(i).name()));
        }
        return columns;
    }
}
