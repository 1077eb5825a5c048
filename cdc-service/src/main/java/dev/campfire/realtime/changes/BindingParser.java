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
            throw new RefusedException(NO_PARAMS + Inspected.json(entry));
        }
        String schemaName = schema.isTextual() ? schema.textValue() : "public";
        String tableName = table.isTextual() ? table.textValue() : Binding.ANY;
        List<Condition> conditions = hasFilter ? FilterParser.parse(filter.textValue()) : List.of();
        List<String> select = select(entry.path("select"));
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

    private static @Nullable List<String> select(JsonNode select) throws RefusedException {
        if (isAbsent(select)) {
            return null;
        }
        List<String> columns = new ArrayList<>();
        for (JsonNode column : select) {
            if (!column.isTextual()) {
                throw new RefusedException(BAD_SELECT);
            }
            columns.add(column.textValue());
        }
        if (!select.isArray()) {
            throw new RefusedException(BAD_SELECT);
        }
        return columns.isEmpty() ? null : columns;
    }
}
