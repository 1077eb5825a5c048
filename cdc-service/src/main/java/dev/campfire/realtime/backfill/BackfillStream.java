package dev.campfire.realtime.backfill;

import dev.campfire.realtime.backfill.PendingChunk.Outcome;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Change.LogicalMessage;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.Note;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.Selection;
import dev.campfire.realtime.journal.Selection.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What of a backfill happens in the stream: a chunk that was read waits here for its message, and rows that are inserted while a
 * backfill runs are noted, for they need not be told of again. Its public side is for the thread of the stream.
 */
public final class BackfillStream {

    private static final int SURVEYED = 2000;

    private final JournalReader journal;
    private final Ledger ledger;
    private final AtomicReference<@Nullable PendingChunk> pending = new AtomicReference<>();
    private final AtomicInteger breaks = new AtomicInteger();
    private volatile List<Watched> watched = List.of();
    private volatile boolean hasBegun;

    /** A table whose new rows are noted. */
    private record Watched(String backfill, Part part) {}

    BackfillStream(JournalReader journal, Ledger ledger) {
        this.journal = journal;
        this.ledger = ledger;
    }

    /** The chunk that is to be put in the place of this change; null when there is none, as for all changes but few. */
    public @Nullable DueChunk due(Change change) {
        LogicalMessage message = change.message();
        PendingChunk waiting = pending.get();
        if (message == null || waiting == null || !message.prefix().equals(Source.PREFIX)) {
            return null;
        }
        boolean isIts = waiting.mark().equals(new String(message.content(), StandardCharsets.UTF_8));
        if (!isIts || !pending.compareAndSet(waiting, null)) {
            return null;
        }
        if (waiting.breaks() != breaks.get()) {
            waiting.outcome().complete(new Outcome.Refused("history has a gap", true));
            return null;
        }
        return new DueChunk(waiting, change, journal, ledger);
    }

    /** What is to be kept with these changes. */
    public List<Note> notes(List<Change> changes) {
        List<Watched> tables = watched;
        if (tables.isEmpty()) {
            return List.of();
        }
        List<Note> notes = new ArrayList<>();
        for (Change change : changes) {
            Relation relation = change.relation();
            if (change.operation() == Operation.INSERT && relation != null) {
                for (Watched table : tables) {
                    note(table, relation, change, notes);
                }
            }
        }
        return notes;
    }

    private void note(Watched table, Relation relation, Change change, List<Note> notes) {
        if (table.part().isTable(relation.schema(), relation.table())) {
            RowKey key = RowKey.of(relation, change.after(), table.part().key());
            if (key != null) {
                notes.add(ledger.told(table.backfill(), key));
            }
        }
    }

    /** The stream has begun; without it nothing can be read. */
    public void begin() {
        hasBegun = true;
    }

    boolean hasBegun() {
        return hasBegun;
    }

    /**
     * Notes the rows of which the journal tells as inserted, so that they are not told of again. New ones are noted meanwhile. For
     * a thread of its own, which has to look through all that the journal has of the tables.
     */
    void noteTold(BackfillState backfill) throws IOException {
        Map<Table, Part> parts = new HashMap<>();
        backfill.parts().forEach(part -> parts.put(new Table(part.schema(), part.table()), part));
        Selection tables = new Selection(Set.of(), parts.keySet(), false);
        ReadPoint at = journal.oldest();
        JournalReader.Page page;
        do {
            page = journal.readNames(tables, at, SURVEYED);
            List<Note> told = new ArrayList<>();
            for (JournalEntry entry : page.entries()) {
                Relation relation = entry.change().relation();
                boolean isTold = entry.change().operation() == Operation.INSERT
                        && !entry.events().isEmpty();
                if (relation == null || !isTold) {
                    continue;
                }
                Part part = parts.get(new Table(relation.schema(), relation.table()));
                RowKey key =
                        part == null ? null : RowKey.of(relation, entry.change().after(), part.key());
                if (key != null) {
                    told.add(ledger.told(backfill.id(), key));
                }
            }
            ledger.writeTold(told);
            at = page.next();
        } while (!page.isAtEnd());
    }

    /** Something was committed that is never going to come. */
    public void historyBroken() {
        breaks.incrementAndGet();
        PendingChunk waiting = pending.getAndSet(null);
        if (waiting != null) {
            waiting.outcome().complete(new Outcome.Refused("history has a gap", true));
        }
    }

    /** How often history has broken. */
    int breaks() {
        return breaks.get();
    }

    /** Has a chunk wait for its message. One at a time. */
    void offer(PendingChunk chunk) {
        pending.set(chunk);
    }

    /** Has a chunk wait no longer; false when its message has come, so that its outcome is near. */
    boolean withdraw(PendingChunk chunk) {
        return pending.compareAndSet(chunk, null);
    }

    /** Notes new rows of the tables of these, from the next change on. */
    void watch(Collection<BackfillState> backfills) {
        List<Watched> tables = new ArrayList<>();
        for (BackfillState backfill : backfills) {
            for (Part part : backfill.parts()) {
                tables.add(new Watched(backfill.id(), part));
            }
        }
        watched = List.copyOf(tables);
    }
}
