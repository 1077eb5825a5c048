package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeBatch;
import dev.campfire.realtime.capture.ChangeSink;
import dev.campfire.realtime.changes.ChangeFeed;
import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.journal.Journal;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
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
    private final EventLane lane;
    private final ChangeFeed feed;
    private final Consumer<Change> observer;
    private final Predicate<Event> gate;
    private final LongConsumer acknowledge;
    private final LongAdder duplicates = new LongAdder();

    /**
     * @param observer learns of all changes of a batch before one of them is published
     * @param gate says which events are published; it sees all of them, in order
     * @param acknowledge takes the LSN up to which everything is done
     */
    LivePath(
            Mapping mapping,
            Journal journal,
            EventLane lane,
            ChangeFeed feed,
            Consumer<Change> observer,
            Predicate<Event> gate,
            LongConsumer acknowledge) {
        this.mapping = mapping;
        this.journal = journal;
        this.lane = lane;
        this.feed = feed;
        this.observer = observer;
        this.gate = gate;
        this.acknowledge = acknowledge;
    }

    @Override
    public void accept(ChangeBatch batch) throws InterruptedException {
        batch.changes().forEach(observer);
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
        List<Event> all = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        List<Change> rows = new ArrayList<>();
        for (Change change : changes) {
            List<Event> own = new ArrayList<>(2);
            mapping.map(change, own::add);
            own.removeIf(event -> !gate.test(event));
            boolean isConcerned = feed.concerns(change);
            // Who listens in both ways hears the database's broadcasts and other tables' rows in the order of commits.
            if (!own.isEmpty() && !isConcerned && !rows.isEmpty()) {
                publish(events, rows);
                events = new ArrayList<>();
                rows = new ArrayList<>();
            }
            events.addAll(own);
            all.addAll(own);
            if (isConcerned) {
                rows.add(change);
            }
        }
        // Publishing may be interrupted while it waits for room; the journal then must not hold what nobody got.
        publish(events, rows);
        journal.append(all, changes.getLast().id());
    }

    private void publish(List<Event> events, List<Change> rows) throws InterruptedException {
        if (!events.isEmpty()) {
            lane.publish(events);
        }
        if (!rows.isEmpty()) {
            feed.publish(rows);
        }
    }

    /** How many changes came that had been delivered before. */
    long duplicates() {
        return duplicates.sum();
    }
}
