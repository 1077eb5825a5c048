package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The mapping of the unified standard: rows of {@code messages} and {@code conversations} become the events that
 * {@link MessageRules} and {@link ConversationRules} tell of. Everything else becomes none yet.
 *
 * <p>A row that an UPDATE moves to another conversation or organisation disappears from where it was and appears where
 * it is. Those whom it leaves see a DELETE with nothing but its primary key; those to whom it comes see an INSERT without
 * an old record. So neither side sees the other's row. When one side's ids are missing or malformed, the other still
 * hears.
 */
public final class StandardMapping implements Mapping {

    private final String schema;
    private final UnmappedChanges unmapped;
    private final Map<String, TableRules> rules;

    /**
     * @param schema the schema of the two tables; tables of other schemas have no rules
     * @param unmapped where it is counted what became no event
     */
    public StandardMapping(String schema, UnmappedChanges unmapped) {
        this.schema = schema;
        this.unmapped = unmapped;
        this.rules = Map.of("messages", new MessageRules(), "conversations", new ConversationRules(unmapped));
    }

    @Override
    public void map(Change change, Consumer<Event> events) {
        Relation relation = change.relation();
        if (relation == null) {
            return;
        }
        TableRules tableRules = relation.schema().equals(schema) ? rules.get(relation.table()) : null;
        if (tableRules == null) {
            unmapped.add(relation, UnmappedReason.NO_RULE);
            return;
        }
        new RowRouting(change, relation, tableRules, unmapped).route(new ChangeEvents(change, relation, events));
    }
}
