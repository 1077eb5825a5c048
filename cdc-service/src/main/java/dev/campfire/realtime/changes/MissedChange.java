package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A change that was missed, made ready for all who missed it: who sees what of it is another question. Immutable. */
public final class MissedChange {

    private final Change change;
    private final boolean isRowTold;
    private final List<Message> ofNoRow;
    private final @Nullable EventOffer ofRow;

    /**
     * @param events those of its events that are on the channel
     * @param isRowTold whether those who have subscribed to its table are told of it
     */
    public MissedChange(Change change, List<Event> events, boolean isRowTold) {
        this.change = change;
        this.isRowTold = isRowTold;
        Relation relation = change.relation();
        List<Event> tellOfRow = new ArrayList<>(events.size());
        List<Message> others = new ArrayList<>(0);
        for (Event event : events) {
            if (event.row() == null || relation == null) {
                others.add(Message.Broadcast.replayOf(event));
            } else {
                tellOfRow.add(event);
            }
        }
        this.ofNoRow = List.copyOf(others);
        this.ofRow =
                relation == null || tellOfRow.isEmpty() ? null : new EventOffer(tellOfRow, Message.Broadcast::replayOf);
    }

    Change change() {
        return change;
    }

    /** Of events that tell of no row: they are for everybody on the channel. */
    List<Message> ofNoRow() {
        return ofNoRow;
    }

    /** The events that tell of the row; null when there are none. */
    @Nullable
    EventOffer ofRow() {
        return ofRow;
    }

    /** Whether subscribers of the table are told. */
    boolean isToldToSubscribers() {
        return isRowTold && change.relation() != null && change.operation() != Operation.TRUNCATE;
    }

    /** What those get of the channel who see all of it, in order. */
    public List<Message> whole() {
        if (ofRow == null) {
            return ofNoRow;
        }
        if (ofNoRow.isEmpty()) {
            return ofRow.whole();
        }
        List<Message> all = new ArrayList<>(ofNoRow);
        all.addAll(ofRow.whole());
        return all;
    }

    /** What has to be seen for each of these, in the same order. */
    public List<Need> needs() {
        List<Need> needs = new ArrayList<>(ofNoRow.size() + 1);
        ofNoRow.forEach(message -> needs.add(Need.none()));
        if (ofRow != null) {
            for (Event event : ofRow.events()) {
                needs.add(Need.of(Objects.requireNonNull(event.row(), "an event of a row")));
            }
        }
        return needs;
    }
}
