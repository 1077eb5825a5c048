package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.PostgresType;
import java.nio.charset.StandardCharsets;

/**
 * Writes values in Postgres's text form as the JSON that {@code to_jsonb(value::type)} gives, as Supabase Realtime does.
 *
 * <p>The text is expected as a session with TimeZone UTC, DateStyle ISO, IntervalStyle postgres, bytea_output hex and
 * extra_float_digits 1 prints it. A column differs from {@code to_jsonb} where Supabase's own does: NaN and the infinities
 * of numbers are null, bytea has no {@code \x}. Within arrays and composites both are as in {@code to_jsonb}. Values of
 * {@code char(n)} and {@code bit(n)} are whole.
 *
 * <p>A value that is not what its type says becomes a JSON string of its text: nothing here throws.
 */
final class ValueJson {

    private static final int BOOL = 16;
    private static final int BYTEA = 17;
    private static final int INT8 = 20;
    private static final int INT2 = 21;
    private static final int INT2VECTOR = 22;
    private static final int INT4 = 23;
    private static final int OIDVECTOR = 30;
    private static final int JSON = 114;
    private static final int FLOAT4 = 700;
    private static final int FLOAT8 = 701;
    private static final int TIMESTAMP = 1114;
    private static final int TIMESTAMPTZ = 1184;
    private static final int NUMERIC = 1700;
    private static final int JSONB = 3802;
    /** Types of extensions have OIDs from here on, other ones in every database: they are known by name. */
    private static final int FIRST_NORMAL_OID = 16_384;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private final JsonBuffer out;

    ValueJson(JsonBuffer out) {
        this.out = out;
    }

    /** Writes the value of a column that is not NULL. */
    void column(PostgresType type, byte[] text, int start, int end) {
        PostgresType base = baseOf(type);
        if (base.oid() == BYTEA && end - start >= 2 && text[start] == '\\' && text[start + 1] == 'x') {
            out.string(text, start + 2, end);
        } else if (isSpecialNumber(base.oid(), text, start, end)) {
            out.nullValue();
        } else {
            element(base, text, start, end);
        }
    }

    /** Writes a value within an array or a composite that is not NULL. */
    void element(PostgresType type, byte[] text, int start, int end) {
        int before = out.size();
        if (!write(baseOf(type), text, start, end)) {
            out.truncate(before);
            out.string(text, start, end);
        }
    }

    private static PostgresType baseOf(PostgresType type) {
        PostgresType base = type;
        while (base.kind() == PostgresType.Kind.DOMAIN && base.element() != null) {
            base = base.element();
        }
        return base;
    }

    /** Writes the value when its JSON is not just a string of its text; false otherwise. */
    private boolean write(PostgresType type, byte[] text, int start, int end) {
        return switch (type.oid()) {
            case BOOL -> bool(text, start, end);
            case INT2, INT4, INT8, NUMERIC, FLOAT4, FLOAT8 -> number(text, start, end);
            case TIMESTAMP, TIMESTAMPTZ -> TimestampText.write(out, text, start, end);
            case JSON -> JsonNormalForm.write(out, text, start, end);
            case JSONB -> jsonb(text, start, end);
            case INT2VECTOR -> vector(text, start, end, false);
            case OIDVECTOR -> vector(text, start, end, true);
            default -> structure(type, text, start, end);
        };
    }

    private boolean structure(PostgresType type, byte[] text, int start, int end) {
        return switch (type.kind()) {
            case ARRAY ->
                type.element() != null
                        && new ArrayText(this, out, type.element(), type.delimiter(), text, start, end).write();
            case COMPOSITE -> new CompositeText(this, out, type, text, start, end).write();
            case BASE ->
                Integer.compareUnsigned(type.oid(), FIRST_NORMAL_OID) >= 0
                        && type.name().equals("hstore")
                        && new HstoreText(out, text, start, end).write();
            case DOMAIN, ENUM, RANGE -> false;
        };
    }

    private boolean bool(byte[] text, int start, int end) {
        if (end - start != 1 || text[start] != 't' && text[start] != 'f') {
            return false;
        }
        out.raw(text[start] == 't' ? TRUE : FALSE);
        return true;
    }

    private boolean number(byte[] text, int start, int end) {
        if (!JsonNumber.isNumber(text, start, end)) {
            return false;
        }
        JsonNumber.writeWithoutSignedZero(out, text, start, end);
        return true;
    }

    /** jsonb prints its normal form, so it is only looked over, not rewritten. */
    private boolean jsonb(byte[] text, int start, int end) {
        if (JsonScan.depth(text, start, end) == JsonScan.NOT_JSON) {
            return false;
        }
        out.raw(text, start, end);
        return true;
    }

    /** The catalogues' {@code int2vector} and {@code oidvector}: arrays that print numbers with blanks between them. */
    private boolean vector(byte[] text, int start, int end, boolean asStrings) {
        out.raw('[');
        int from = start;
        while (from < end) {
            int to = from;
            while (to < end && text[to] != ' ') {
                to++;
            }
            if (from > start) {
                out.raw(',');
            }
            if (asStrings) {
                out.string(text, from, to);
            } else if (!number(text, from, to)) {
                return false;
            }
            from = to + 1;
        }
        out.raw(']');
        return true;
    }

    private static boolean isSpecialNumber(int oid, byte[] text, int start, int end) {
        if (oid != NUMERIC && oid != FLOAT4 && oid != FLOAT8) {
            return false;
        }
        int first = end - start > 1 && text[start] == '-' ? start + 1 : start;
        return first < end && (text[first] == 'N' || text[first] == 'I');
    }
}
