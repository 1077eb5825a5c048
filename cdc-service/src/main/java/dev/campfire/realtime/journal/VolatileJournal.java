package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A journal that keeps nothing but where it stands: enough to deliver each change once for as long as the process lives,
 * however often Postgres sends it.
 */
public final class VolatileJournal implements Journal {

    private @Nullable ChangeId last;

    @Override
    public boolean holds(ChangeId change) {
        ChangeId known = last;
        // Positions of another history say nothing about this one: after a restore from a backup LSNs come again.
        return known != null && known.history() == change.history() && change.compareTo(known) <= 0;
    }

    @Override
    public void append(List<Event> events, ChangeId last) {
        this.last = last;
    }
}
