package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.PostgresType.Attribute;
import dev.campfire.realtime.capture.PostgresType.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads types from the catalogue of a Postgres. */
final class CatalogTypes {

    private static final String TYPE = """
            select typname, typtype, typcategory, typelem, typbasetype, typrelid, typdelim
            from pg_type where oid = ?::oid""";
    private static final String ATTRIBUTES = """
            select attname, atttypid from pg_attribute
            where attrelid = ?::oid and attnum > 0 and not attisdropped order by attnum""";

    private final Connection connection;

    CatalogTypes(Connection connection) {
        this.connection = connection;
    }

    /** The type of this name, which may carry a modifier. */
    PostgresType named(String name) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select to_regtype(?)::oid")) {
            query.setString(1, name);
            try (ResultSet result = query.executeQuery()) {
                result.next();
                return withOid(result.getInt(1));
            }
        }
    }

    private PostgresType withOid(int oid) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TYPE)) {
            query.setInt(1, oid);
            try (ResultSet type = query.executeQuery()) {
                if (!type.next()) {
                    throw new IllegalArgumentException("no type has the OID " + oid);
                }
                Kind kind = kindOf(
                        type.getString("typtype").charAt(0),
                        type.getString("typcategory").charAt(0));
                return new PostgresType(
                        oid,
                        type.getString("typname"),
                        kind,
                        elementOf(kind, type),
                        type.getString("typdelim").charAt(0),
                        kind == Kind.COMPOSITE ? attributesOf(type.getInt("typrelid")) : List.of());
            }
        }
    }

    private @Nullable PostgresType elementOf(Kind kind, ResultSet type) throws SQLException {
        return switch (kind) {
            case ARRAY -> withOid(type.getInt("typelem"));
            case DOMAIN -> withOid(type.getInt("typbasetype"));
            case BASE, ENUM, COMPOSITE, RANGE -> null;
        };
    }

    private List<Attribute> attributesOf(int relation) throws SQLException {
        List<Attribute> attributes = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(ATTRIBUTES)) {
            query.setInt(1, relation);
            try (ResultSet result = query.executeQuery()) {
                while (result.next()) {
                    attributes.add(new Attribute(result.getString(1), withOid(result.getInt(2))));
                }
            }
        }
        return attributes;
    }

    private static Kind kindOf(char type, char category) {
        return switch (type) {
            case 'd' -> Kind.DOMAIN;
            case 'e' -> Kind.ENUM;
            case 'c' -> Kind.COMPOSITE;
            case 'r', 'm' -> Kind.RANGE;
            default -> category == 'A' ? Kind.ARRAY : Kind.BASE;
        };
    }
}
