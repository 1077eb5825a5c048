package dev.campfire.realtime.changes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Postgres says of published tables, remembered for some seconds: a subscription that is found wrong by what is
 * remembered is looked at again. Blocking; safe for use by several threads.
 */
final class TableCatalog {

    private static final Duration FRESH = Duration.ofSeconds(30);

    private static final String PUBLISHED = """
            SELECT c.oid::int8, t.schemaname, t.tablename FROM pg_catalog.pg_publication_tables t
              JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
             WHERE t.pubname = ? ORDER BY 2, 3""";

    /** Types that a bare cast would cut to one character are named with their lengths. */
    private static final String COLUMNS = """
            WITH RECURSIVE base(attnum, oid) AS (
              SELECT attnum, atttypid FROM pg_catalog.pg_attribute WHERE attrelid = $1::int8::oid AND attnum > 0
               UNION ALL
              SELECT b.attnum, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype = 'd')
            SELECT a.attname,
                   pg_catalog.format_type(a.atttypid, CASE WHEN a.atttypid IN (1042, 1560) THEN a.atttypmod END),
                   t.oid::int8, t.typtype::text,
                   CASE WHEN a.attcollation IN (0, y.typcollation) THEN ''
                        ELSE pg_catalog.format(' COLLATE %I.%I', cn.nspname, l.collname) END,
                   coalesce(l.collisdeterministic, true),
                   coalesce(l.collname IN ('C', 'POSIX', 'ucs_basic') OR a.attcollation = 100
                     AND d.datcollate IN ('C', 'POSIX') AND coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c') = 'c',
                     false)
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
              JOIN base b ON b.attnum = a.attnum
              JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
              LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
              LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = l.collnamespace
              JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
             WHERE a.attrelid = $1::int8::oid AND a.attnum > 0 AND NOT a.attisdropped""";

    private static final String READABLE = """
            SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = ?::int8::oid AND attnum > 0 AND NOT attisdropped
               AND pg_catalog.has_column_privilege(?::name, attrelid, attnum, 'SELECT')""";

    private final Database database;
    private final String publication;
    private final Cache<String, List<PublishedTable>> published =
            Caffeine.newBuilder().expireAfterWrite(FRESH).build();
    private final Cache<Long, Map<String, TableColumn>> columns =
            Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(10_000).build();
    private final Cache<Reader, Set<String>> readable =
            Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(10_000).build();

    private record Reader(long table, String role) {}

    TableCatalog(Database database, String publication) {
        this.database = database;
        this.publication = publication;
    }

    /** Forgets everything, so that what is asked next is asked of Postgres. */
    void forget() {
        published.invalidateAll();
        columns.invalidateAll();
        readable.invalidateAll();
    }

    /** The tables of the publication that the binding covers. */
    List<PublishedTable> covered(Binding binding) throws SQLException {
        List<PublishedTable> tables = published.getIfPresent(publication);
        if (tables == null) {
            tables = readPublished();
            published.put(publication, tables);
        }
        return tables.stream()
                .filter(table -> binding.covers(table.schema(), table.table()))
                .toList();
    }

    private List<PublishedTable> readPublished() throws SQLException {
        return database.ask(connection -> {
            List<PublishedTable> tables = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(PUBLISHED)) {
                statement.setString(1, publication);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        tables.add(new PublishedTable(row.getLong(1), row.getString(2), row.getString(3)));
                    }
                }
            }
            return tables;
        });
    }

    /** The table's columns by name. */
    Map<String, TableColumn> columns(long table) throws SQLException {
        Map<String, TableColumn> known = columns.getIfPresent(table);
        if (known == null) {
            known = readColumns(table);
            columns.put(table, known);
        }
        return known;
    }

    /** The same, asked of Postgres now. */
    Map<String, TableColumn> readColumns(long table) throws SQLException {
        return database.ask(connection -> {
            Map<String, TableColumn> found = new HashMap<>();
            try (PreparedStatement statement =
                            connection.prepareStatement(COLUMNS.replace("$1", Long.toString(table)));
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ValueKind kind = kind(row.getLong(3), row.getString(4), row.getBoolean(6), row.getBoolean(7));
                    boolean isBoolean = row.getLong(3) == 16;
                    found.put(
                            row.getString(1),
                            new TableColumn(row.getString(1), row.getString(2), kind, row.getString(5), isBoolean));
                }
            }
            return Map.copyOf(found);
        });
    }

    /** The names of the columns that a role may read. */
    Set<String> readable(long table, String role) throws SQLException {
        Reader reader = new Reader(table, role);
        Set<String> known = readable.getIfPresent(reader);
        if (known == null) {
            known = readReadable(reader);
            readable.put(reader, known);
        }
        return known;
    }

    private Set<String> readReadable(Reader reader) throws SQLException {
        return database.ask(connection -> {
            Set<String> names = new HashSet<>();
            try (PreparedStatement statement = connection.prepareStatement(READABLE)) {
                statement.setLong(1, reader.table());
                statement.setString(2, reader.role());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        names.add(row.getString(1));
                    }
                }
            }
            return Set.copyOf(names);
        });
    }

    private static ValueKind kind(long type, String typtype, boolean isDeterministic, boolean isByBytes) {
        if ("e".equals(typtype)) {
            return ValueKind.LABEL;
        }
        return switch ((int) type) {
            case 20, 21, 23 -> ValueKind.INTEGER;
            case 1700 -> ValueKind.NUMERIC;
            case 16, 2950 -> ValueKind.FIXED;
            case 1082, 1114, 1184 -> ValueKind.TIME;
            case 25, 1043 -> isByBytes ? ValueKind.TEXT_BY_BYTES : isDeterministic ? ValueKind.TEXT : ValueKind.OTHER;
            default -> ValueKind.OTHER;
        };
    }
}
