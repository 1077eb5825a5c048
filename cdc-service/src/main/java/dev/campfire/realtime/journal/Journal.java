package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Event;
import java.util.List;

/**
 * The log that events go through on their way to the hub. Written by one thread, in commit order.
 *
 * <p>Postgres redelivers whole transactions after each reconnection, in the same order and with the same identities:
 * whatever is at or before the last appended change of the same history has been here.
 */
public interface Journal {

    /** Whether this change has been appended before. */
    boolean holds(ChangeId change);

    /**
     * Appends the events of a stretch of changes.
     *
     * @param events in the order of their positions; may be empty, for not every change becomes an event
     * @param last the last change of the stretch, which {@link #holds} from now on like everything before it
     */
    void append(List<Event> events, ChangeId last);
}
