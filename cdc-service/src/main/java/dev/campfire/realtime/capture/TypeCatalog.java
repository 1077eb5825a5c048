package dev.campfire.realtime.capture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the system catalogs say of the types and keys that the stream names by OID. Used by the reading thread alone;
 * its statements are short and run only when a table is first seen or has changed.
 */
final class TypeCatalog implements CatalogReader {

    /** The first OID that a user's object can have; what lies below never changes. */
    private static final long FIRST_USER_OID = 16384;

    private static final String TYPE = """
            SELECT typname, typtype, typelem::int8, typbasetype::int8, typdelim::text, typrelid::int8,
                   typcategory = 'A' AND typelem <> 0 AND typname NOT IN ('int2vector', 'oidvector') AS is_array
              FROM pg_catalog.pg_type WHERE oid = ?::int8::oid""";

    private static final String ATTRIBUTES = """
            SELECT attname, atttypid::int8 FROM pg_catalog.pg_attribute
             WHERE attrelid = ?::int8::oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum""";

    private static final String PRIMARY_KEY = """
            SELECT a.attname FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
             WHERE i.indrelid = ?::int8::oid AND i.indisprimary""";

    private final Connection connection;
    private final Map<Integer, PostgresType> types = new HashMap<>();

    /**
     * @param connection an ordinary connection, used but not owned; in whatever transaction mode it is
     */
    TypeCatalog(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void forgetUserTypes() {
        types.keySet().removeIf(oid -> Integer.toUnsignedLong(oid) >= FIRST_USER_OID);
    }

    @Override
    public PostgresType type(int oid) throws SQLException {
        PostgresType known = types.get(oid);
        if (known == null) {
            known = read(oid);
            types.put(oid, known);
        }
        return known;
    }

    @Override
    public Set<String> primaryKey(int relationOid) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(PRIMARY_KEY)) {
            statement.setLong(1, Integer.toUnsignedLong(relationOid));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(row.getString(1));
                }
            }
        }
        return columns;
    }

    private PostgresType read(int oid) throws SQLException {
        String name;
        char kind;
        boolean isArray;
        int element;
        int base;
        char delimiter;
        int relation;
        try (PreparedStatement statement = connection.prepareStatement(TYPE)) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    // Dropped since the change was made: its values are delivered as the text that they are.
                    return PostgresType.base(oid, "unknown");
                }
                name = row.getString(1);
                kind = row.getString(2).charAt(0);
                element = (int) row.getLong(3);
                base = (int) row.getLong(4);
                delimiter = row.getString(5).charAt(0);
                relation = (int) row.getLong(6);
                isArray = row.getBoolean(7);
            }
        }
        if (isArray) {
            PostgresType of = type(element);
            return new PostgresType(oid, name, PostgresType.Kind.ARRAY, of, of.delimiter(), List.of());
        }
        return switch (kind) {
            case 'd' -> new PostgresType(oid, name, PostgresType.Kind.DOMAIN, type(base), delimiter, List.of());
            case 'e' -> new PostgresType(oid, name, PostgresType.Kind.ENUM, null, delimiter, List.of());
            case 'c' -> new PostgresType(oid, name, PostgresType.Kind.COMPOSITE, null, delimiter, attributes(relation));
            case 'r', 'm' -> new PostgresType(oid, name, PostgresType.Kind.RANGE, null, delimiter, List.of());
            default -> new PostgresType(oid, name, PostgresType.Kind.BASE, null, delimiter, List.of());
        };
    }

    private List<PostgresType.Attribute> attributes(int relation) throws SQLException {
        List<String> names = new ArrayList<>();
        List<Integer> oids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ATTRIBUTES)) {
            statement.setLong(1, Integer.toUnsignedLong(relation));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                    oids.add((int) row.getLong(2));
                }
            }
        }
        List<PostgresType.Attribute> attributes = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            attributes.add(new PostgresType.Attribute(names.get(i), type(oids.get(i))));
        }
        return attributes;
    }
}
