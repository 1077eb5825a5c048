package dev.campfire.realtime.backfill;

import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.TableReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a published table is read so that nothing comes of it that the publication leaves out.
 *
 * @param relation its published columns
 * @param from what stands behind FROM
 * @param filter the publication's own condition; null when it has none
 */
record TablePlan(
        Part part, Relation relation, String from, @Nullable String filter) {

    private static final int ROW_FILTERS = 15;

    private static final String KIND = """
            SELECT c.oid::int8, c.relkind, i.inhparent::regclass::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
             WHERE n.nspname = ? AND c.relname = ?""";

    private static final String LEAVES = """
            SELECT n.nspname, c.relname
              FROM pg_catalog.pg_partition_tree(?::int8::oid::regclass) t
              JOIN pg_catalog.pg_class c ON c.oid = t.relid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE t.isleaf ORDER BY 1, 2""";

    // What the stream tells a deleted row by: its primary key, or the index that stands for it.
    private static final String KEY = """
            SELECT a.attname
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
                   AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END
             CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
             WHERE c.oid = ?::int8::oid AND k.place <= i.indnkeyatts
             ORDER BY k.place""";

    private static final String INSERTS = "SELECT pubinsert FROM pg_catalog.pg_publication WHERE pubname = ?";

    private static final String FILTER = """
            SELECT rowfilter FROM pg_catalog.pg_publication_tables
             WHERE pubname = ? AND schemaname = ? AND tablename = ?""";

    /** Finds out in which parts a table is told of. */
    static List<Part> parts(Connection connection, String publication, String schema, String table)
            throws SQLException, BackfillException {
        if (schema.equals("realtime")) {
            throw new BackfillException(
                    "The tables of schema realtime hold broadcasts, not rows: they are not backfilled.");
        }
        requireInserts(connection, publication);
        Kind kind = kind(connection, schema, table);
        TableReader reader = new TableReader(connection, publication);
        TableReader.Found found = reader.find(schema, table)
                .orElseThrow(() -> new BackfillException(schema + "." + table + " is no table."));
        if (found.isPublished()) {
            return List.of(part(connection, found.relation()));
        }
        List<Part> parts = new ArrayList<>();
        if (kind.relkind().equals("p")) {
            for (Part leaf : leaves(connection, kind.oid())) {
                TableReader.Found each =
                        reader.find(leaf.schema(), leaf.table()).orElseThrow();
                if (each.isPublished()) {
                    parts.add(part(connection, each.relation()));
                }
            }
        }
        if (parts.isEmpty()) {
            String parent =
                    kind.parent() == null ? "" : " Or it is told of with its parent: backfill " + kind.parent() + ".";
            throw new BackfillException(schema + "." + table + " is not in publication " + publication
                    + ", so nobody hears of its rows. ALTER PUBLICATION " + quoted(publication) + " ADD TABLE "
                    + quoted(schema, table) + ";" + parent);
        }
        return parts;
    }

    /**
     * @param oid as the catalog has it
     * @param parent of which it is a partition; null when it is none
     */
    private record Kind(long oid, String relkind, @Nullable String parent) {}

    private static Kind kind(Connection connection, String schema, String table)
            throws SQLException, BackfillException {
        try (PreparedStatement statement = connection.prepareStatement(KIND)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new BackfillException("There is no table " + schema + "." + table + ".");
                }
                return new Kind(row.getLong(1), row.getString(2), row.getString(3));
            }
        }
    }

    private static void requireInserts(Connection connection, String publication)
            throws SQLException, BackfillException {
        try (PreparedStatement statement = connection.prepareStatement(INSERTS)) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && !row.getBoolean(1)) {
                    throw new BackfillException("Publication " + publication
                            + " does not publish INSERTs, so nobody is to hear of new rows. ALTER PUBLICATION "
                            + quoted(publication) + " SET (publish = 'insert, update, delete, truncate');");
                }
            }
        }
    }

    private static List<Part> leaves(Connection connection, long oid) throws SQLException {
        List<Part> leaves = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(LEAVES)) {
            statement.setLong(1, oid);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    leaves.add(new Part(row.getString(1), row.getString(2), List.of()));
                }
            }
        }
        return leaves;
    }

    private static Part part(Connection connection, Relation relation) throws SQLException, BackfillException {
        String name = relation.schema() + "." + relation.table();
        List<String> key = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(KEY)) {
            statement.setLong(1, Integer.toUnsignedLong(relation.oid()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    key.add(row.getString(1));
                }
            }
        }
        if (key.isEmpty()) {
            throw new BackfillException(name + " has no primary key, by which its rows could be read in order and told"
                    + " apart. ALTER TABLE " + quoted(relation.schema(), relation.table()) + " ADD PRIMARY KEY (...);");
        }
        for (String column : key) {
            if (relation.indexOf(column) < 0) {
                throw new BackfillException("The publication leaves out column " + column + " of " + name
                        + ", which its rows are told apart by: add it to the publication's columns.");
            }
        }
        return new Part(relation.schema(), relation.table(), key);
    }

    /**
     * The plan for a part, as the catalog is now.
     *
     * @throws BackfillException when it is not published any more, or has another key
     */
    static TablePlan of(Connection connection, String publication, Part part) throws SQLException, BackfillException {
        TableReader.Found found = new TableReader(connection, publication)
                .find(part.schema(), part.table())
                .orElseThrow(() -> new BackfillException("There is no table " + part.name() + " any more."));
        if (!found.isPublished()) {
            throw new BackfillException(part.name() + " is not in publication " + publication + " any more.");
        }
        if (!part(connection, found.relation()).key().equals(part.key())) {
            throw new BackfillException("The key of " + part.name() + " has changed: begin again.");
        }
        boolean isParent =
                kind(connection, part.schema(), part.table()).relkind().equals("p");
        String from = (isParent ? "" : "ONLY ") + quoted(part.schema(), part.table());
        return new TablePlan(part, found.relation(), from, filter(connection, publication, part));
    }

    /** Conditions on rows there are since Postgres 15. Names in them are printed whole, so that they mean the same everywhere. */
    private static @Nullable String filter(Connection connection, String publication, Part part) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() < ROW_FILTERS) {
            return null;
        }
        try (Statement path = connection.createStatement()) {
            path.execute("SET LOCAL search_path = ''");
            try (PreparedStatement statement = connection.prepareStatement(FILTER)) {
                statement.setString(1, publication);
                statement.setString(2, part.schema());
                statement.setString(3, part.table());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getString(1) : null;
                }
            } finally {
                path.execute("SET LOCAL search_path TO DEFAULT");
            }
        }
    }

    /** The rows that are published and meet the condition: what stands behind WHERE. */
    String rows(@Nullable RowCondition condition, @Nullable List<String> behind) {
        List<String> all = new ArrayList<>();
        if (filter != null) {
            all.add("(" + filter + ")");
        }
        if (condition != null) {
            all.add("(" + condition.sql() + ")");
        }
        if (behind != null) {
            all.add("(" + key() + ") > ("
                    + behind.stream().map(TablePlan::literal).collect(Collectors.joining(", ")) + ")");
        }
        return all.isEmpty() ? "true" : String.join(" AND ", all);
    }

    /** A query for some rows in the order of their keys. */
    String select(@Nullable RowCondition condition, @Nullable List<String> behind, int most) {
        String columns =
                relation.columns().stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "));
        return "SELECT " + columns + " FROM " + from + " WHERE " + rows(condition, behind) + " ORDER BY " + key()
                + " LIMIT " + most;
    }

    private String key() {
        return part.key().stream().map(TablePlan::quoted).collect(Collectors.joining(", "));
    }

    static String quoted(String... names) {
        return List.of(names).stream()
                .map(name -> '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining("."));
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
