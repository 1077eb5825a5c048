package dev.campfire.realtime.app;

import dev.campfire.realtime.journal.MessagesHistory;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Keeps the limits of broadcasts that the database makes: as in the original, what is too large or too much is dropped.
 * Events of rows are never dropped. For one thread, which sees all events in order.
 */
final class BroadcastGate implements Predicate<Event> {

    private final Tenant tenant;
    private final MessagesHistory history;
    private final LongAdder dropped = new LongAdder();

    /** @param history learns of every broadcast that stands in the table */
    BroadcastGate(Tenant tenant, MessagesHistory history) {
        this.tenant = tenant;
        this.history = history;
    }

    @Override
    public boolean test(Event event) {
        // Events of rows have no id but their position.
        if (event.id().length() == Position.LENGTH) {
            return true;
        }
        history.remember(event);
        TenantLimits limits = tenant.limits();
        boolean isAdmitted =
                event.payload().length <= limits.payload() && tenant.events().perSecond() <= limits.eventsPerSecond();
        if (isAdmitted) {
            tenant.events().add(1);
        } else {
            dropped.increment();
        }
        return isAdmitted;
    }

    /** How many were dropped. */
    long dropped() {
        return dropped.sum();
    }
}
