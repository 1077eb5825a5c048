package dev.campfire.realtime.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change as somebody describes it in JSON, {@code {"table": "messages", "operation": "UPDATE", "old": {...}, "new": {...}}}.
 *
 * @param after the new row, or as much of it as matters; null for none
 * @param before the old row; null for none
 */
record DescribedChange(
        String schema,
        String table,
        Operation operation,
        @Nullable JsonNode after,
        @Nullable JsonNode before) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a whole change. What a subscriber got as {@code record} and {@code old_record} is understood, too.
     *
     * @throws SettingsException when it is none
     */
    static DescribedChange parse(String json) throws SettingsException {
        JsonNode change = object(json, "the change");
        String table = change.path("table").asText("");
        String operation = change.path("operation").asText(change.path("type").asText(""));
        return of(
                change.path("schema").asText("public"),
                table,
                operation,
                image(change, "new", "record"),
                image(change, "old", "old_record"));
    }

    /**
     * Puts a change together.
     *
     * @throws SettingsException when a part is missing
     */
    static DescribedChange of(
            String schema, String table, String operation, @Nullable JsonNode after, @Nullable JsonNode before)
            throws SettingsException {
        List<String> problems = new ArrayList<>();
        Operation known = operation(operation);
        if (table.isEmpty()) {
            problems.add("the change must name its table");
        }
        if (known == null) {
            problems.add("the change's operation must be INSERT, UPDATE or DELETE");
        }
        if (after == null && known != null && known != Operation.DELETE) {
            problems.add("an " + known + " needs the new row");
        }
        if (before == null && known == Operation.DELETE) {
            problems.add("a DELETE needs the old row");
        }
        if (!problems.isEmpty() || known == null) {
            throw new SettingsException(problems);
        }
        return new DescribedChange(
                schema,
                table,
                known,
                known == Operation.DELETE ? null : after,
                known == Operation.INSERT ? null : before);
    }

    private static @Nullable Operation operation(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "INSERT" -> Operation.INSERT;
            case "UPDATE" -> Operation.UPDATE;
            case "DELETE" -> Operation.DELETE;
            default -> null;
        };
    }

    /** @throws SettingsException when the text is no object in JSON */
    static JsonNode object(String json, String what) throws SettingsException {
        try {
            JsonNode node = JSON.readTree(json);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new SettingsException(List.of(what + " is not JSON: " + e.getOriginalMessage()));
        }
        throw new SettingsException(List.of(what + " must be an object in JSON"));
    }

    private static @Nullable JsonNode image(JsonNode change, String name, String alias) {
        JsonNode image = change.has(name) ? change.get(name) : change.get(alias);
        return image == null || !image.isObject() ? null : image;
    }

    /** The table as the rows look: every column that they have, of the type that its value has. */
    Relation guessedTable() {
        boolean isWhole = before != null;
        List<Column> columns = columnNames().stream()
                .map(name -> new Column(name, guessedType(name), name.equals("id"), isWhole || name.equals("id")))
                .toList();
        return new Relation(
                0, schema, table, isWhole ? Relation.ReplicaIdentity.FULL : Relation.ReplicaIdentity.DEFAULT, columns);
    }

    private PostgresType guessedType(String column) {
        JsonNode value = after == null ? null : after.get(column);
        if ((value == null || value.isNull()) && before != null) {
            value = before.get(column);
        }
        if (value == null) {
            return PostgresType.base(25, "text");
        }
        return switch (value.getNodeType()) {
            case BOOLEAN -> PostgresType.base(16, "bool");
            case NUMBER ->
                value.isIntegralNumber() ? PostgresType.base(20, "int8") : PostgresType.base(1700, "numeric");
            case OBJECT, ARRAY -> PostgresType.base(3802, "jsonb");
            default -> PostgresType.base(25, "text");
        };
    }

    /** The change of this table. What one image does not tell it has in common with the other, or is NULL. */
    Change on(Relation relation) {
        return new Change(
                new ChangeId(0, 1, 0),
                0,
                Instant.EPOCH,
                operation,
                relation,
                before == null ? null : row(relation, before, after),
                after == null ? null : row(relation, after, before),
                null);
    }

    /** Columns of the rows that the table does not have. */
    List<String> unknownColumns(Relation relation) {
        return columnNames().stream().filter(name -> relation.indexOf(name) < 0).toList();
    }

    /** All columns that the rows have. */
    private Set<String> columnNames() {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode image : Stream.of(after, before).filter(Objects::nonNull).toList()) {
            image.fieldNames().forEachRemaining(names::add);
        }
        return names;
    }

    private static Row row(Relation relation, JsonNode image, @Nullable JsonNode other) {
        @Nullable String[] values = new @Nullable String[relation.columns().size()];
        for (int i = 0; i < values.length; i++) {
            String name = relation.columns().get(i).name();
            JsonNode value = image.get(name);
            if (value == null && other != null) {
                value = other.get(name);
            }
            values[i] = value == null ? null : text(value);
        }
        return Row.of(values);
    }

    /** As Postgres writes it. */
    private static @Nullable String text(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> null;
            case BOOLEAN -> value.booleanValue() ? "t" : "f";
            case STRING -> value.textValue();
            default -> value.toString();
        };
    }
}
