package dev.campfire.realtime.capture;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads tables from the catalog as the stream would describe them. */
public final class TableReader {

    private static final String TABLE = """
            SELECT c.oid::int8, c.relreplident FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')""";

    private static final String COLUMNS = """
            SELECT a.attname, a.atttypid::int8,
                   EXISTS (SELECT FROM pg_catalog.pg_index i
                            WHERE i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)
                              AND CASE (SELECT relreplident FROM pg_catalog.pg_class WHERE oid = a.attrelid)
                                  WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = ?::int8::oid AND a.attnum > 0 AND NOT a.attisdropped
               AND (a.attgenerated = '' OR current_setting('server_version_num')::int >= 180000)
             ORDER BY a.attnum""";

    private static final String PUBLISHED = """
            SELECT 1 FROM pg_catalog.pg_publication_tables WHERE pubname = ? AND schemaname = ? AND tablename = ?""";

    /** Which columns a publication lists is known since Postgres 15; before, it has them all. */
    private static final String PUBLISHED_COLUMNS = """
            SELECT attnames FROM pg_catalog.pg_publication_tables
             WHERE pubname = ? AND schemaname = ? AND tablename = ?""";

    private static final int COLUMN_LISTS = 15;

    private final Connection connection;
    private final String publication;
    private final TypeCatalog types;

    /**
     * A table of the catalog.
     *
     * @param relation its columns are those that are published, or all when it is not
     * @param isPublished whether the publication holds it
     */
    public record Found(Relation relation, boolean isPublished) {}

    /** @param connection used but not owned */
    public TableReader(Connection connection, String publication) {
        this.connection = connection;
        this.publication = publication;
        this.types = new TypeCatalog(connection);
    }

    /** The table of this name; empty when there is none. */
    public Optional<Found> find(String schema, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                int oid = (int) row.getLong(1);
                Relation.ReplicaIdentity identity = identity(row.getString(2));
                Optional<Set<String>> published = published(schema, table);
                List<Column> columns = columns(oid, identity, published);
                return Optional.of(
                        new Found(new Relation(oid, schema, table, identity, columns), published.isPresent()));
            }
        }
    }

    private static Relation.ReplicaIdentity identity(String relreplident) {
        return switch (relreplident) {
            case "f" -> Relation.ReplicaIdentity.FULL;
            case "n" -> Relation.ReplicaIdentity.NOTHING;
            case "i" -> Relation.ReplicaIdentity.INDEX;
            default -> Relation.ReplicaIdentity.DEFAULT;
        };
    }

    /** The columns that are published, none for all; empty when the table is not. */
    private Optional<Set<String>> published(String schema, String table) throws SQLException {
        boolean hasLists = connection.getMetaData().getDatabaseMajorVersion() >= COLUMN_LISTS;
        try (PreparedStatement statement = connection.prepareStatement(hasLists ? PUBLISHED_COLUMNS : PUBLISHED)) {
            statement.setString(1, publication);
            statement.setString(2, schema);
            statement.setString(3, table);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Array names = hasLists ? row.getArray(1) : null;
                return Optional.of(names == null ? Set.of() : Set.copyOf(Arrays.asList((String[]) names.getArray())));
            }
        }
    }

    private List<Column> columns(int oid, Relation.ReplicaIdentity identity, Optional<Set<String>> published)
            throws SQLException {
        Set<String> primaryKey = types.primaryKey(oid);
        Set<String> wanted = published.orElse(Set.of());
        List<Column> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(1);
                    if (wanted.isEmpty() || wanted.contains(name)) {
                        columns.add(new Column(
                                name,
                                types.type((int) row.getLong(2)),
                                primaryKey.contains(name),
                                identity == Relation.ReplicaIdentity.FULL || row.getBoolean(3)));
                    }
                }
            }
        }
        return columns;
    }
}
