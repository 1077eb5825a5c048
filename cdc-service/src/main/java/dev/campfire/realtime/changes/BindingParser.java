package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the entries of {@code postgres_changes}. The texts of its refusals are Supabase Realtime's. */
final class BindingParser {

    private static final String BAD_SELECT = "Error parsing `select` params: expected a list of column name strings,"
            + " e.g. select: [\"col1\", \"col2\"]";
    private static final String WILDCARD_SELECT = "Column selection is not supported for wildcard subscriptions."
            + " Provide an explicit schema and table name.";
    private static final String NO_PARAMS =
            "No subscription params provided. Please provide at least a `schema` or `table` to subscribe to: ";

    private BindingParser() {}

    static Binding parse(JsonNode entry) throws RefusedException {
        List<String> select = select(entry.path("select"));
        JsonNode schema = entry.path("schema");
        JsonNode table = entry.path("table");
        JsonNode filter = entry.path("filter");
        boolean hasFilter = !isAbsent(filter);
        boolean isUnderstood = isTextOrAbsent(schema)
                && isTextOrAbsent(table)
                && isTextOrAbsent(filter)
                && (schema.isTextual() || table.isTextual())
                && (!hasFilter || schema.isTextual() && table.isTextual());
        if (!isUnderstood) {
            boolean isSecret = entry.has("user_token") || entry.has("auth_token");
            throw new RefusedException(NO_PARAMS + (isSecret ? "<redacted>" : Inspected.json(entry)));
        }
        String schemaName = schema.isTextual() ? schema.textValue() : "public";
        String tableName = table.isTextual() ? table.textValue() : Binding.ANY;
        List<Condition> conditions = hasFilter ? FilterParser.parse(filter.textValue()) : List.of();
        if (select != null && (schemaName.equals(Binding.ANY) || tableName.equals(Binding.ANY))) {
            throw new RefusedException(WILDCARD_SELECT);
        }
        return new Binding(event(entry.path("event")), schemaName, tableName, conditions, select);
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static boolean isTextOrAbsent(JsonNode node) {
        return isAbsent(node) || node.isTextual();
    }

    private static String event(JsonNode event) {
        String name = event.isTextual() ? event.textValue().toUpperCase(Locale.ROOT) : Binding.ANY;
        return switch (name) {
            case "INSERT", "UPDATE", "DELETE" -> name;
            default -> Binding.ANY;
        };
    }

    /** The original refuses a string, and passes over everything else that is no list of strings. */
    private static @Nullable List<String> select(JsonNode select) throws RefusedException {
        if (select.isTextual()) {
            throw new RefusedException(BAD_SELECT);
        }
        List<String> columns = new ArrayList<>();
        if (select.isArray()) {
            select.forEach(column -> {
                if (column.isTextual()) {
                    columns.add(column.textValue());
                }
            });
        }
        return columns.isEmpty() ? null : columns;
    }
}
