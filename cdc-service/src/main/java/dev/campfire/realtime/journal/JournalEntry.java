package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.mapping.Event;
import java.util.List;

/**
 * One committed change as the journal keeps it, with the events that it became. Immutable.
 *
 * @param events in the order of their positions; may be empty, for not every change becomes an event
 * @param isEventsOnly whether nobody is told of the change itself who subscribed to the table, because it stands for a row
 *     that had been there before anybody looked
 */
public record JournalEntry(Change change, List<Event> events, boolean isEventsOnly) {

    public JournalEntry {
        events = List.copyOf(events);
    }

    /** An entry of the stream. */
    public JournalEntry(Change change, List<Event> events) {
        this(change, events, false);
    }
}
