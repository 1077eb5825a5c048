package dev.campfire.realtime.app;

import dev.campfire.realtime.backfill.BackfillStream;
import dev.campfire.realtime.backfill.DueChunk;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeBatch;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.ChangeSink;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.changes.ChangeFeed;
import dev.campfire.realtime.changes.EventLane;
import dev.campfire.realtime.journal.Era;
import dev.campfire.realtime.journal.Journal;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Mapping;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * From a captured batch to the hub: drops what was here before, maps, journals, publishes. One thread at a time, in commit
 * order; blocks when the hub does.
 *
 * <p>What the journal holds has been published, too, or is going to be before anything else. The other way round it may be
 * missing: when the journal could not be written for a while, what was published meanwhile comes again, and is journaled
 * then but not published a second time.
 */
final class LivePath implements ChangeSink {

    /** Taken at a time: a batch may hold many megabytes, and the hub holds back between stretches, not within one. */
    private static final int STRETCH = 512;

    private final Mapping mapping;
    private final Journal journal;
    private final EventLane lane;
    private final ChangeFeed feed;
    private final Consumer<ChangeBatch> observer;
    private final Predicate<Event> gate;
    private final Predicate<Event> signals;
    private final Runnable gap;
    private final BackfillStream backfill;
    private final LongAdder duplicates = new LongAdder();

    /** What is journaled and not yet published, in order. */
    private final Queue<Publication> unpublished = new ArrayDeque<>();

    private volatile @Nullable ChangeId published;

    /** The last change that went to the journal, or is just going there. */
    private volatile @Nullable ChangeId journaled;

    /** Events and changes of rows that may be published beside each other, and the last change among them. */
    private record Publication(List<Event> events, List<Change> rows, ChangeId last) {}

    /**
     * @param observer learns of each batch before a change of it is published
     * @param gate says which events are published; it sees all of them, in order
     * @param signals takes events that are told and not kept; true for those that it took
     * @param gap run when something was committed that is never going to come; must not block
     * @param backfill rows that are told of where the stream says so
     */
    LivePath(
            Mapping mapping,
            Journal journal,
            EventLane lane,
            ChangeFeed feed,
            Consumer<ChangeBatch> observer,
            Predicate<Event> gate,
            Predicate<Event> signals,
            Runnable gap,
            BackfillStream backfill) {
        this.gap = gap;
        this.backfill = backfill;
        this.mapping = mapping;
        this.journal = journal;
        this.lane = lane;
        this.feed = feed;
        this.observer = observer;
        this.gate = gate;
        this.signals = signals;
    }

    @Override
    public void begin(StreamStart start) {
        ChangeId newest = published;
        if (newest != null && Long.compareUnsigned(start.end(), newest.commitLsn()) < 0) {
            // The database was set back: what comes now was never seen, whatever its LSN.
            published = null;
        }
        if (!journal.begin(start)) {
            ChangeId before = published;
            Era era = journal.status().era();
            boolean isAnotherPast = era != null && era.divergedThrough() != 0;
            if (before != null && (isAnotherPast || Long.compareUnsigned(before.commitLsn(), start.lsn()) <= 0)) {
                // What comes behind the gap was never published.
                published = null;
            }
            gap.run();
            backfill.historyBroken();
        }
        backfill.begin();
    }

    @Override
    public void accept(ChangeBatch batch) throws InterruptedException {
        publishAll();
        observer.accept(batch);
        List<Change> fresh = new ArrayList<>();
        for (Change change : batch.changes()) {
            if (journal.isRedelivered(change)) {
                duplicates.increment();
                continue;
            }
            fresh.add(change);
            DueChunk due = backfill.due(change);
            if (due != null) {
                deliver(fresh, due);
                fresh = new ArrayList<>();
            } else if (fresh.size() >= STRETCH) {
                deliver(fresh);
                fresh = new ArrayList<>();
            }
        }
        deliver(fresh);
        if (batch.completeThrough() != 0) {
            journal.complete(batch.completeThrough());
        }
    }

    private void deliver(List<Change> changes) throws InterruptedException {
        if (changes.isEmpty()) {
            return;
        }
        List<JournalEntry> entries = new ArrayList<>(changes.size());
        for (Change change : changes) {
            List<Event> events = events(change);
            boolean isOnlySignal = events.removeIf(signals) && events.isEmpty() && !feed.concerns(change);
            if (!events.isEmpty() || change.operation() != Operation.MESSAGE && !isOnlySignal) {
                entries.add(new JournalEntry(change, events));
            }
        }
        ChangeId last = changes.getLast().id();
        journaled = last;
        line(journal.append(entries, last, backfill.notes(changes)), last);
        publishAll();
    }

    private List<Event> events(Change change) {
        List<Event> events = new ArrayList<>(2);
        mapping.map(change, events::add);
        events.removeIf(event -> !gate.test(event));
        return events;
    }

    /** Delivers changes, and behind the last of them the chunk whose place that is. */
    private void deliver(List<Change> changes, DueChunk chunk) throws InterruptedException {
        try {
            deliver(changes);
            fill(chunk);
        } finally {
            // Without effect when it is there.
            chunk.refuse("the stream was interrupted");
        }
    }

    /**
     * Tells of rows that were there before, behind the message that has just been delivered. They do not come again by themselves,
     * so they are published only when they are durable.
     */
    private void fill(DueChunk chunk) throws InterruptedException {
        List<Change> rows = chunk.rows().orElse(null);
        if (rows == null) {
            return;
        }
        List<JournalEntry> entries = new ArrayList<>(rows.size());
        for (Change row : rows) {
            List<Event> events = events(row).stream().map(Event::asBackfill).toList();
            if (!events.isEmpty()) {
                entries.add(new JournalEntry(row, events, true));
            }
        }
        ChangeId last = entries.isEmpty()
                ? chunk.mark().id()
                : entries.getLast().change().id();
        Optional<List<JournalEntry>> kept = journal.appendOrNothing(entries, last, chunk.notes(entries.size()));
        if (kept.isEmpty()) {
            chunk.refuse("the journal can't be written now");
            return;
        }
        journal.sync();
        chunk.kept(entries.size());
        journaled = last;
        line(kept.get(), last);
        publishAll();
    }

    /** Puts what is to be published behind what is, in groups within which the order does not matter. */
    private void line(List<JournalEntry> entries, ChangeId last) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        List<Change> rows = new ArrayList<>();
        ChangeId before = last;
        for (JournalEntry entry : entries) {
            Change change = entry.change();
            if (isPublished(change.id())) {
                duplicates.increment();
                continue;
            }
            boolean isConcerned = !entry.isEventsOnly() && feed.concerns(change);
            // Who listens in both ways hears the database's broadcasts and other tables' rows in the order of commits.
            if (!entry.events().isEmpty() && !isConcerned && !rows.isEmpty()) {
                unpublished.add(new Publication(events, rows, before));
                events = new ArrayList<>();
                rows = new ArrayList<>();
            }
            events.addAll(entry.events());
            if (isConcerned) {
                rows.add(change);
            }
            before = change.id();
        }
        unpublished.add(new Publication(events, rows, last));
    }

    private boolean isPublished(ChangeId change) {
        ChangeId newest = published;
        return newest != null && newest.history() == change.history() && change.compareTo(newest) <= 0;
    }

    /** An interruption leaves what is not published for the next time. */
    private void publishAll() throws InterruptedException {
        for (Publication next = unpublished.peek(); next != null; next = unpublished.peek()) {
            if (!next.events().isEmpty()) {
                lane.publish(next.events());
            }
            if (!next.rows().isEmpty()) {
                feed.publish(next.rows());
            }
            if (!isPublished(next.last())) {
                published = next.last();
            }
            unpublished.remove();
        }
    }

    /** How many changes came that had been here before. */
    long duplicates() {
        return duplicates.sum();
    }

    /** The last change that was published; null when none was, as far as the database remembers. Any thread. */
    @Nullable
    ChangeId published() {
        return published;
    }

    /** Whether the journal holds everything that was published. Any thread. */
    boolean isKept() {
        ChangeId newest = published;
        return newest == null || journal.holds(newest);
    }

    /** Whether everything that is in the journal has been handed to the lanes. Any thread. */
    boolean isCaughtUp() {
        ChangeId newest = journaled;
        return newest == null || newest.equals(published);
    }
}
