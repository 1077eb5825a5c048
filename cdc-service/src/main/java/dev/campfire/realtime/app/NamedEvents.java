package dev.campfire.realtime.app;

import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.vocabulary.NameGuard;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets broadcasts of the database through whose names are the standard's where they have to be. The mapping's events are its
 * author's affair: they are checked when it is read. What is refused is logged now and then, for nobody can be answered.
 * For one thread.
 */
final class NamedEvents implements Predicate<Event> {

    private static final Logger LOG = LoggerFactory.getLogger(NamedEvents.class);

    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    private final NameGuard names;
    private final Predicate<Event> others;
    private final LongSupplier nanoTime;
    private long nextLog;

    /** @param others what else events have to pass, asked afterwards */
    NamedEvents(NameGuard names, Predicate<Event> others) {
        this(names, others, System::nanoTime);
    }

    NamedEvents(NameGuard names, Predicate<Event> others, LongSupplier nanoTime) {
        this.names = names;
        this.others = others;
        this.nanoTime = nanoTime;
        this.nextLog = nanoTime.getAsLong();
    }

    @Override
    public boolean test(Event event) {
        if (event.row() == null) {
            String wrong = names.channel(event.channel());
            if (wrong == null) {
                wrong = names.event(event.channel(), event.name());
            }
            if (wrong != null) {
                log(wrong);
                return false;
            }
        }
        return others.test(event);
    }

    private void log(String wrong) {
        long now = nanoTime.getAsLong();
        if (now - nextLog >= 0) {
            nextLog = now + INTERVAL;
            LOG.warn("Refused a broadcast of the database: {}", wrong);
        }
    }
}
