package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.vocabulary.ChannelName;
import dev.campfire.realtime.vocabulary.EventName;
import java.util.function.Consumer;

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

    /** Adds one event for each of the channels, all with this payload. */
    void add(EventName name, Payload payload, ChannelName... channels) {
        for (ChannelName channel : channels) {
            Position position = new Position(change.id(), ordinal++);
            consumer.accept(new Event(
                    position,
                    channel.text(),
                    name.text(),
                    change.commitTime(),
                    payload.bytes(position),
                    new RowPayload(change, relation, payload.form(), null, position)));
        }
    }
}
