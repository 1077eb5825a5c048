package dev.campfire.realtime.backfill;

import dev.campfire.realtime.backfill.PendingChunk.Outcome;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.Note;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A chunk whose place in the stream has come. Its rows are told as they are at that place: what the reading saw, and on top of it
 * what transactions did that it did not see and that were committed before. For the thread of the stream, once.
 */
public final class DueChunk {

    private static final int PAGE = 512;

    private final PendingChunk pending;
    private final Change mark;
    private final JournalReader journal;
    private final Ledger ledger;

    /** The first of the transactions that the reading did not see; the mark's own when it has seen all. */
    private long firstUnseen;

    DueChunk(PendingChunk pending, Change mark, JournalReader journal, Ledger ledger) {
        this.pending = pending;
        this.mark = mark;
        this.journal = journal;
        this.ledger = ledger;
        this.firstUnseen = mark.id().commitLsn();
    }

    /** Says that it is to be read again. */
    static final class NotNowException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean isUnfounded;

        NotNowException(String why, boolean isUnfounded) {
            super(why);
            this.isUnfounded = isUnfounded;
        }
    }

    /**
     * The rows that are to be told of, as INSERTs right behind the mark. Everything before it has to be in the journal.
     *
     * @return empty when it can't be known now what they are: then nothing is to be told, and the chunk is read again
     */
    public Optional<List<Change>> rows() {
        try {
            List<Change> changes = new ArrayList<>();
            for (Row row : asOfMark().values()) {
                changes.add(new Change(
                        new ChangeId(
                                mark.id().history(),
                                mark.id().commitLsn(),
                                mark.id().index() + 1 + changes.size()),
                        mark.transactionId(),
                        mark.commitTime(),
                        Operation.INSERT,
                        pending.chunk().relation(),
                        null,
                        row,
                        null));
            }
            return Optional.of(changes);
        } catch (IOException e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (NotNowException e) {
            pending.outcome().complete(new Outcome.Refused(String.valueOf(e.getMessage()), e.isUnfounded));
        }
        return Optional.empty();
    }

    private SequencedMap<RowKey, Row> asOfMark() throws IOException, NotNowException {
        SequencedMap<RowKey, Row> rows = new LinkedHashMap<>(pending.chunk().rows());
        Long base = pending.state().base();
        ReadPoint at = base == null ? null : journal.since(base).orElse(null);
        if (at == null) {
            throw new NotNowException("the journal does not reach back to where it began", true);
        }
        Part part = pending.chunk().part();
        JournalReader.Page page;
        do {
            page = journal.read(Selection.table(part.schema(), part.table()), at, PAGE);
            for (JournalEntry entry : page.entries()) {
                Change change = entry.change();
                if (!entry.isEventsOnly() && !pending.chunk().snapshot().sees(change.transactionId())) {
                    if (Long.compareUnsigned(change.id().commitLsn(), firstUnseen) < 0) {
                        firstUnseen = change.id().commitLsn();
                    }
                    apply(change, rows);
                }
            }
            at = page.next();
        } while (!page.isAtEnd());
        ledger.removeTold(pending.state().id(), rows.keySet());
        return rows;
    }

    private void apply(Change change, SequencedMap<RowKey, Row> rows) throws NotNowException {
        Relation relation = change.relation();
        if (relation == null || !isShapedAlike(relation)) {
            throw new NotNowException("the table is being altered", false);
        }
        List<String> key = pending.chunk().part().key();
        RowKey before = RowKey.of(relation, change.before(), key);
        RowKey after = RowKey.of(relation, change.after(), key);
        switch (change.operation()) {
            case TRUNCATE -> rows.clear();
            // What is inserted meanwhile is told of by that.
            case INSERT -> rows.remove(after);
            case DELETE -> rows.remove(before);
            case UPDATE -> {
                RowKey old = before == null ? after : before;
                Row known = rows.get(old);
                if (old == null || known == null) {
                    return;
                }
                if (old.equals(after) && change.after() != null) {
                    rows.put(old, filled(change.after(), known));
                } else {
                    // Under another key it is another row, which its change has told of.
                    rows.remove(old);
                }
            }
            case MESSAGE -> {}
        }
    }

    private boolean isShapedAlike(Relation relation) {
        return relation == pending.chunk().relation()
                || relation.columns().stream()
                        .map(column -> column.name() + '\n' + column.type().oid())
                        .toList()
                        .equals(pending.chunk().relation().columns().stream()
                                .map(column ->
                                        column.name() + '\n' + column.type().oid())
                                .toList());
    }

    /** Large values that an UPDATE left alone are not in the WAL: they are what they were. */
    private static Row filled(Row row, Row known) {
        Row.Builder builder = new Row.Builder(row.size());
        for (int i = 0; i < row.size(); i++) {
            builder.addFrom(row.isUnchanged(i) ? known : row, i);
        }
        return builder.build();
    }

    /** What is to be kept with the rows: how far the backfill is with them. */
    public List<Note> notes(int told) {
        return List.of(ledger.note(after(told)));
    }

    private BackfillState after(int told) {
        return pending.state().behind(pending.chunk(), told, firstUnseen);
    }

    /** The rows are in the journal, with the notes. */
    public void kept(int told) {
        pending.outcome().complete(new Outcome.Kept(after(told)));
    }

    /** Nothing has become of the rows: they are to be read again. */
    public void refuse(String why) {
        pending.outcome().complete(new Outcome.Refused(why, false));
    }

    /** Where it belongs. */
    public Change mark() {
        return mark;
    }
}
