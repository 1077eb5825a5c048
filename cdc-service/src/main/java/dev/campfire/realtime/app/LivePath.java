package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeBatch;
import dev.campfire.realtime.capture.ChangeSink;
import dev.campfire.realtime.changes.ChangeFeed;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.journal.Journal;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * From a captured batch to the hub: drops what was delivered before, maps, publishes, journals, and only then lets
 * Postgres forget. One thread at a time, in commit order; blocks when the hub does.
 */
final class LivePath implements ChangeSink {

    /** Published at a time: a batch may hold many megabytes, and the hub holds back between stretches, not within one. */
    private static final int STRETCH = 512;

    private final Mapping mapping;
    private final Journal journal;
    private final ChannelHub hub;
    private final ChangeFeed feed;
    private final Predicate<Event> gate;
    private final LongConsumer acknowledge;
    private final LongAdder duplicates = new LongAdder();

    /**
     * @param gate says which events are published; it sees all of them, in order
     * @param acknowledge takes the LSN up to which everything is done
     */
    LivePath(
            Mapping mapping,
            Journal journal,
            ChannelHub hub,
            ChangeFeed feed,
            Predicate<Event> gate,
            LongConsumer acknowledge) {
        this.mapping = mapping;
        this.journal = journal;
        this.hub = hub;
        this.feed = feed;
        this.gate = gate;
        this.acknowledge = acknowledge;
    }

    @Override
    public void accept(ChangeBatch batch) throws InterruptedException {
        List<Change> fresh = new ArrayList<>();
        for (Change change : batch.changes()) {
            if (journal.holds(change.id())) {
                duplicates.increment();
                continue;
            }
            fresh.add(change);
            if (fresh.size() >= STRETCH) {
                deliver(fresh);
                fresh = new ArrayList<>();
            }
        }
        deliver(fresh);
        if (batch.completeThrough() != 0) {
            acknowledge.accept(batch.completeThrough());
        }
    }

    private void deliver(List<Change> changes) throws InterruptedException {
        if (changes.isEmpty()) {
            return;
        }
        List<Event> events = new ArrayList<>();
        for (Change change : changes) {
            mapping.map(change, events::add);
        }
        events.removeIf(event -> !gate.test(event));
        // Publishing may be interrupted while it waits for room; the journal then must not hold what nobody got.
        if (!events.isEmpty()) {
            hub.publish(events);
        }
        feed.publish(changes);
        journal.append(events, changes.getLast().id());
    }

    /** How many changes came that had been delivered before. */
    long duplicates() {
        return duplicates.sum();
    }
}
