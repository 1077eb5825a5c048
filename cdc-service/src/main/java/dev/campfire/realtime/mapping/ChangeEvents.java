package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events of one change, numbered in the order in which they are added. For one thread. */
final class ChangeEvents {

    private final Change change;
    private final Relation relation;
    private final Consumer<Event> consumer;
    private int ordinal;

    ChangeEvents(Change change, Relation relation, Consumer<Event> consumer) {
        this.change = change;
        this.relation = relation;
        this.consumer = consumer;
    }

    /**
     * Adds an event.
     *
     * @param channel the channel's canonical name
     * @param columns the names of the columns that the payload tells of; null for all
     */
    void add(String name, String channel, Payload payload, @Nullable List<String> columns) {
        Position position = new Position(change.id(), ordinal++);
        consumer.accept(new Event(
                position,
                channel,
                name,
                change.commitTime(),
                payload.bytes(position),
                new RowPayload(change, relation, payload.form(), columns, position)));
    }
}
