package dev.campfire.realtime.access.rows;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The answers about one image that a predicate has given, by the keys of those who see it. Safe for use by several threads. */
final class Page {

    private static final AtomicLong LAST = new AtomicLong();

    private final long number = LAST.incrementAndGet();
    private final ConcurrentMap<Object, Boolean> answers = new ConcurrentHashMap<>();
    private final AtomicInteger additions = new AtomicInteger();

    /** No other page has the same. */
    long number() {
        return number;
    }

    /** Whether one who sees what those with this key see sees the image; null when that is not known. */
    @Nullable
    Boolean answer(Object key) {
        return answers.get(key);
    }

    int size() {
        return answers.size();
    }

    /** How often answers were added: what was made of them before the last time may have to be made again. */
    int additions() {
        return additions.get();
    }

    void add(Map<Object, Boolean> more) {
        answers.putAll(more);
        additions.incrementAndGet();
    }
}
