package dev.campfire.realtime.phoenix;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts oddities, and logs each kind at most once a minute: a client that floods must not fill the log. Any thread. */
final class OddityLog {

    private static final Logger LOG = LoggerFactory.getLogger(OddityLog.class);
    private static final long INTERVAL = Duration.ofMinutes(1).toMillis();
    private static final long NEVER = Long.MIN_VALUE;

    private final Map<Oddity, Entry> entries = new EnumMap<>(Oddity.class);
    private final InstantSource clock;

    OddityLog(InstantSource clock) {
        this.clock = clock;
        for (Oddity oddity : Oddity.values()) {
            entries.put(oddity, new Entry());
        }
    }

    private static final class Entry {
        final LongAdder count = new LongAdder();
        final AtomicLong logged = new AtomicLong(NEVER);
    }

    void note(Oddity oddity) {
        note(oddity, null);
    }

    void note(Oddity oddity, @Nullable Throwable cause) {
        Entry entry = entry(oddity);
        entry.count.increment();
        long now = clock.millis();
        long logged = entry.logged.get();
        // A clock that was set back does not silence it.
        boolean isDue = logged == NEVER || Math.abs(now - logged) >= INTERVAL;
        if (isDue && entry.logged.compareAndSet(logged, now)) {
            LOG.warn("Dropped {} ({} so far)", oddity.text(), entry.count.sum(), cause);
        }
    }

    long count(Oddity oddity) {
        return entry(oddity).count.sum();
    }

    private Entry entry(Oddity oddity) {
        Entry entry = entries.get(oddity);
        if (entry == null) {
            throw new IllegalStateException("no entry for " + oddity);
        }
        return entry;
    }
}
