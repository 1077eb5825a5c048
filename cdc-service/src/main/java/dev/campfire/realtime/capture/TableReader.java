package dev.campfire.realtime.capture;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final String ENUM_LABELS = """
            SELECT a.attname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
              FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_enum e ON e.enumtypid = a.atttypid
             WHERE a.attrelid = ?::int8::oid AND a.attnum > 0 AND NOT a.attisdropped GROUP BY a.attname""";

    private static final String PARTITION_PUBLISHED = """
            SELECT 1 FROM pg_catalog.pg_publication_tables p
              JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
             WHERE p.pubname = ? AND c.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(?::int8::oid)) LIMIT 1""";

    private static final int COLUMN_LISTS = 15;

    private final Connection connection;
    private final String publication;
    private final TypeCatalog types;

    /**
     * A table of the catalog.
     *
     * @param relation its columns are those that are published, or all when it is not
     * @param publishing how the publication holds it
     */
    public record Found(Relation relation, Publishing publishing) {

        /** Whether its changes come under its own name. */
        public boolean isPublished() {
            return publishing == Publishing.AS_ITSELF;
        }
    }

    /** How a publication holds a table. */
    public enum Publishing {
        AS_ITSELF,
        /** It is partitioned, and each change comes under the name of the partition that holds the row. */
        BY_PARTITIONS,
        NOT_AT_ALL
    }

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
                Publishing publishing = published.isPresent()
                        ? Publishing.AS_ITSELF
                        : isPartitionPublished(oid) ? Publishing.BY_PARTITIONS : Publishing.NOT_AT_ALL;
                return Optional.of(new Found(new Relation(oid, schema, table, identity, columns), publishing));
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

    private boolean isPartitionPublished(int oid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PARTITION_PUBLISHED)) {
            statement.setString(1, publication);
            statement.setLong(2, Integer.toUnsignedLong(oid));
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
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

    /**
     * The labels that the values of a table's columns of enums may have, by column, in the order of the enum. They are read
     * anew each time: the stream does not tell of labels that are added or renamed.
     */
    public Map<String, List<String>> enumLabels(Relation table) throws SQLException {
        Map<String, List<String>> labels = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(ENUM_LABELS)) {
            statement.setLong(1, Integer.toUnsignedLong(table.oid()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    labels.put(
                            row.getString(1), List.of((String[]) row.getArray(2).getArray()));
                }
            }
        }
        return labels;
    }
}
