package dev.campfire.realtime.journal;

import dev.campfire.realtime.mapping.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.ToLongFunction;

/**
 * Gives events the next numbers of their channels. Which number a channel has is asked and told once for all entries that
 * come together. For the thread that appends.
 */
final class Numbering {

    /** Said of a channel whose last number can't be told; its events get 0. */
    static final long UNKNOWN = -1;

    private final ToLongFunction<IndexKey> last;
    private final ObjLongConsumer<IndexKey> given;

    /**
     * @param last says the last number of a channel: 0 when there was none, {@link #UNKNOWN} when it can't be told
     * @param given told the last number that a channel has now
     */
    Numbering(ToLongFunction<IndexKey> last, ObjLongConsumer<IndexKey> given) {
        this.last = last;
        this.given = given;
    }

    /** The entries, whose events have numbers. */
    List<JournalEntry> number(List<JournalEntry> entries) {
        Map<IndexKey, Counter> counters = new HashMap<>();
        List<JournalEntry> numbered = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            numbered.add(number(entry, counters));
        }
        counters.forEach((channel, counter) -> {
            if (counter.number != UNKNOWN) {
                given.accept(channel, counter.number);
            }
        });
        return numbered;
    }

    private JournalEntry number(JournalEntry entry, Map<IndexKey, Counter> counters) {
        if (entry.events().isEmpty()) {
            return entry;
        }
        List<Event> events = new ArrayList<>(entry.events().size());
        for (Event event : entry.events()) {
            Counter counter = counters.computeIfAbsent(
                    IndexKey.channel(event.channel(), event.isPrivate()),
                    channel -> new Counter(last.applyAsLong(channel)));
            events.add(event.withSequence(counter.next()));
        }
        return new JournalEntry(entry.change(), events, entry.isEventsOnly());
    }

    private static final class Counter {
        private long number;

        Counter(long last) {
            number = last;
        }

        long next() {
            return number == UNKNOWN ? 0 : ++number;
        }
    }
}
