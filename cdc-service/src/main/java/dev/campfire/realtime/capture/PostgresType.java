package dev.campfire.realtime.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type as {@code pg_type} describes it: enough to know how a value's text form is to be read.
 *
 * @param oid its OID
 * @param name {@code pg_type.typname}: {@code int4}, {@code _text} for an array of text, an enum's own name
 * @param kind what {@code pg_type.typtype} and {@code typcategory} say of it
 * @param element an array's element type, or the base type of a domain; null for every other kind
 * @param delimiter what separates the elements of an array in text ({@code typdelim}): for an array its own elements, for
 *     any other type those of an array of it; a comma, but a semicolon for box
 * @param attributes the attributes of a composite type in order; empty for every other kind
 */
public record PostgresType(
        int oid, String name, Kind kind, @Nullable PostgresType element, char delimiter, List<Attribute> attributes) {

    /** How a type is made. */
    public enum Kind {
        BASE,
        ARRAY,
        DOMAIN,
        ENUM,
        COMPOSITE,
        RANGE
    }

    /** One attribute of a composite type. */
    public record Attribute(String name, PostgresType type) {}

    public PostgresType {
        attributes = List.copyOf(attributes);
    }

    /** A base type without further structure. */
    public static PostgresType base(int oid, String name) {
        return new PostgresType(oid, name, Kind.BASE, null, ',', List.of());
    }

    /** The array type of an element type. */
    public static PostgresType array(int oid, String name, PostgresType element) {
        return new PostgresType(oid, name, Kind.ARRAY, element, ',', List.of());
    }
}
