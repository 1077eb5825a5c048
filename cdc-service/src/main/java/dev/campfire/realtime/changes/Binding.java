package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.Operation;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a join's {@code postgres_changes}, understood.
 *
 * @param event the operation's name, or {@code *}
 * @param schema a pattern, see {@link NamePattern}
 * @param table a pattern
 * @param conditions all of which have to hold
 * @param select the columns that are wanted besides the primary key; null for all
 */
record Binding(
        String event,
        String schema,
        String table,
        List<Condition> conditions,
        @Nullable List<String> select) {

    static final String ANY = "*";

    /** Where Supabase's own tables live: a wildcard never means them. */
    private static final String INTERNAL_SCHEMA = "realtime";

    Binding {
        conditions = List.copyOf(conditions);
        select = select == null ? null : List.copyOf(select);
    }

    boolean wants(Operation operation) {
        return event.equals(ANY) || event.equals(operation.name());
    }

    boolean covers(String schemaName, String tableName) {
        boolean isMeant = !schemaName.equals(INTERNAL_SCHEMA) || schema.equals(INTERNAL_SCHEMA);
        return isMeant && NamePattern.matches(schema, schemaName) && NamePattern.matches(table, tableName);
    }

    /** As Supabase Realtime's error texts show it. */
    String inspected() {
        String filters = conditions.stream().map(Condition::inspected).collect(Collectors.joining(", ", "[", "]"));
        String columns = select == null
                ? "nil"
                : select.stream().map(Inspected::text).collect(Collectors.joining(", ", "[", "]"));
        return "[event: " + event + ", schema: " + schema + ", table: " + table + ", filters: " + filters + ", select: "
                + columns + "]";
    }
}
