package dev.campfire.realtime.mapping.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.capture.PostgresType;
import dev.cel.common.types.CelType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How conditions see the values of a type of Postgres. Every column may be {@code null} in a condition. */
enum ValueKind {
    BOOL(NullableType.create(SimpleType.BOOL)),
    INT(NullableType.create(SimpleType.INT)),
    /** Of {@code numeric} as near as a double comes. */
    DOUBLE(NullableType.create(SimpleType.DOUBLE)),
    /** {@code timestamp} is read as UTC. */
    TIMESTAMP(SimpleType.TIMESTAMP),
    /** Whatever the document is made of. */
    JSON(SimpleType.DYN),
    /** Everything else, as Postgres writes it: texts, UUIDs, enums, dates, arrays. */
    TEXT(NullableType.create(SimpleType.STRING));

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final CelType celType;

    ValueKind(CelType celType) {
        this.celType = celType;
    }

    static ValueKind of(PostgresType type) {
        PostgresType base = type;
        while (base.kind() == PostgresType.Kind.DOMAIN && base.element() != null) {
            base = base.element();
        }
        return switch (base.oid()) {
            case 16 -> BOOL;
            case 20, 21, 23, 26 -> INT;
            case 700, 701, 1700 -> DOUBLE;
            case 1114, 1184 -> TIMESTAMP;
            case 114, 3802 -> JSON;
            default -> TEXT;
        };
    }

    CelType celType() {
        return celType;
    }

    /**
     * The value for CEL.
     *
     * @throws IllegalArgumentException when the text is none of this kind, such as the timestamp {@code infinity}
     */
    Object read(String text) {
        return switch (this) {
            case BOOL -> text.equals("t");
            case INT -> Long.parseLong(text);
            case DOUBLE -> Double.parseDouble(text);
            case TIMESTAMP -> timestamp(text);
            case JSON -> json(text);
            case TEXT -> text;
        };
    }

    /** {@code 2025-11-18 22:22:40.877+00}, with or without an offset. */
    private static Instant timestamp(String text) {
        String iso = text.replace(' ', 'T');
        int offset = Math.max(iso.lastIndexOf('+'), iso.lastIndexOf('-'));
        try {
            return offset > iso.indexOf('T')
                    ? OffsetDateTime.parse(iso.length() - offset == 3 ? iso + ":00" : iso)
                            .toInstant()
                    : Instant.parse(iso.endsWith("Z") ? iso : iso + "Z");
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no timestamp", e);
        }
    }

    private static Object json(String text) {
        try {
            return plain(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    private static Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.canConvertToLong() && node.isIntegralNumber() ? node.longValue() : node.doubleValue();
            case STRING -> node.textValue();
            case ARRAY -> {
                List<Object> items = new ArrayList<>(node.size());
                node.forEach(item -> items.add(plain(item)));
                yield items;
            }
            case OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                node.properties().forEach(member -> members.put(member.getKey(), plain(member.getValue())));
                yield members;
            }
            case NULL, MISSING, BINARY, POJO -> NullValue.NULL_VALUE;
        };
    }
}
