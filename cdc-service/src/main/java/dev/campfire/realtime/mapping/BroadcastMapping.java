package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import java.util.function.Consumer;

/**
 * The mapping of broadcasts that the database makes: rows inserted into {@code realtime.messages}, which become events
 * whatever their extension, and messages of {@code pg_logical_emit_message} with the prefix {@value
 * LogicalBroadcast#PREFIX}. All other changes are left to another mapping.
 */
public final class BroadcastMapping implements Mapping {

    private static final String SCHEMA = "realtime";
    private static final String TABLE = "messages";
    private static final String PARTITION = "messages_";

    private final Mapping others;
    private final UnmappedChanges unmapped;

    /**
     * @param others maps everything else
     * @param unmapped where it is counted what became no event
     */
    public BroadcastMapping(Mapping others, UnmappedChanges unmapped) {
        this.others = others;
        this.unmapped = unmapped;
    }

    @Override
    public void map(Change change, Consumer<Event> events) {
        Relation relation = change.relation();
        if (change.operation() == Operation.MESSAGE) {
            LogicalBroadcast.map(change, unmapped, events);
        } else if (relation != null && isMessages(relation)) {
            if (change.operation() == Operation.INSERT) {
                BroadcastRow.map(change, relation, unmapped, events);
            }
        } else {
            others.map(change, events);
        }
    }

    /** Whether it is the table, or one of the partitions that hold its rows. */
    private static boolean isMessages(Relation relation) {
        return relation.schema().equals(SCHEMA)
                && (relation.table().equals(TABLE) || relation.table().startsWith(PARTITION));
    }
}
