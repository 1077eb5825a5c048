package dev.campfire.realtime.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.backfill.BackfillState.Phase;
import dev.campfire.realtime.backfill.PendingChunk.Outcome;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Change.LogicalMessage;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.database.Snapshot;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.journal.RocksJournal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reading that saw all transactions before 100 but 90, which is running; its mark stands at LSN 500. */
final class DueChunkTest {

    private static final long SEEN = 80;
    private static final long RUNNING = 90;
    private static final long LATER = 100;

    private static final Relation TABLE = new Relation(
            4711,
            "public",
            "things",
            ReplicaIdentity.FULL,
            List.of(
                    new Column("id", PostgresType.base(23, "int4"), true, true),
                    new Column("name", PostgresType.base(25, "text"), false, true),
                    new Column("large", PostgresType.base(25, "text"), false, true)));

    private static final Part PART = new Part("public", "things", List.of("id"));

    @TempDir
    private Path folder;

    private RocksJournal journal;
    private Ledger ledger;
    private BackfillStream stream;
    private final SequencedMap<RowKey, Row> rows = new LinkedHashMap<>();
    private long base = 300;

    @BeforeEach
    void open() throws Exception {
        JournalSettings settings = new JournalSettings(folder.resolve("journal"), Duration.ofHours(1), 1 << 30);
        journal = RocksJournal.open(settings, "postgres", InstantSource.system(), lsn -> {}, () -> {});
        journal.begin(new StreamStart(1, 10, 1000, false));
        ledger = new Ledger(journal.notes());
        stream = new BackfillStream(journal.reader(), ledger);
        for (String id : List.of("1", "2", "3")) {
            rows.put(new RowKey(List.of(id)), Row.of(id, "old", "large"));
        }
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void change(long lsn, long transaction, Operation operation, @Nullable Row before, @Nullable Row after) {
        Change change =
                new Change(new ChangeId(1, lsn, 0), transaction, Instant.EPOCH, operation, TABLE, before, after, null);
        journal.append(List.of(new JournalEntry(change, List.of())), change.id(), stream.notes(List.of(change)));
    }

    private static BackfillState state(@Nullable Long base) {
        return BackfillState.asked(
                        "b",
                        new BackfillRequest("public", "things", null, 0, false),
                        List.of(PART),
                        Phase.RUNNING,
                        3,
                        Instant.EPOCH)
                .based(base);
    }

    private PendingChunk offer() {
        PendingChunk pending = new PendingChunk(
                "the mark",
                0,
                state(base),
                new Chunk(PART, TABLE, rows, Snapshot.parse("90:100:90"), List.of("3"), false),
                new CompletableFuture<>());
        stream.offer(pending);
        return pending;
    }

    private @Nullable DueChunk mark(String text) {
        return stream.due(new Change(
                new ChangeId(1, 500, 0),
                99,
                Instant.EPOCH,
                Operation.MESSAGE,
                null,
                null,
                null,
                new LogicalMessage(true, "campfire.backfill", text.getBytes(StandardCharsets.UTF_8))));
    }

    private List<String> told() {
        offer();
        return mark("the mark").rows().orElseThrow().stream()
                .map(change -> change.after().text(0)
                        + change.after().text(1)
                        + change.after().text(2))
                .toList();
    }

    @Test
    void tells_what_was_read_where_nothing_has_changed_meanwhile() {
        assertThat(told()).containsExactly("1oldlarge", "2oldlarge", "3oldlarge");
    }

    @Test
    void tells_a_row_that_was_changed_before_the_mark_in_its_newest_state() {
        change(400, RUNNING, Operation.UPDATE, null, Row.of("2", "newer", "large"));
        change(410, LATER, Operation.UPDATE, null, Row.of("2", "newest", "large"));

        assertThat(told()).containsExactly("1oldlarge", "2newestlarge", "3oldlarge");
    }

    @Test
    void leaves_out_a_row_that_was_deleted_before_the_mark() {
        change(400, LATER, Operation.DELETE, Row.of("2", null, null), null);

        assertThat(told()).containsExactly("1oldlarge", "3oldlarge");
    }

    @Test
    void does_not_apply_what_the_reading_has_seen() {
        change(400, SEEN, Operation.UPDATE, null, Row.of("2", "older", "large"));

        assertThat(told()).contains("2oldlarge");
    }

    @Test
    void applies_what_was_committed_before_the_reading_began_but_was_not_seen_by_it() {
        base = 200;
        change(210, RUNNING, Operation.DELETE, Row.of("1", null, null), null);
        change(400, SEEN, Operation.INSERT, null, Row.of("9", "new", "large"));

        assertThat(told()).containsExactly("2oldlarge", "3oldlarge");
    }

    @Test
    void takes_a_large_value_that_an_update_left_alone_from_what_was_read() {
        Row without = new Row.Builder(3)
                .add(bytes("2"))
                .add(bytes("newer"))
                .addUnchanged()
                .build();
        change(400, LATER, Operation.UPDATE, null, without);

        assertThat(told()).contains("2newerlarge");
    }

    @Test
    void leaves_out_a_row_that_has_another_key_by_then() {
        change(400, LATER, Operation.UPDATE, Row.of("2", "old", "large"), Row.of("7", "old", "large"));

        assertThat(told()).containsExactly("1oldlarge", "3oldlarge");
    }

    @Test
    void leaves_out_all_that_a_truncation_took() {
        change(400, LATER, Operation.TRUNCATE, null, null);
        change(410, LATER, Operation.INSERT, null, Row.of("2", "new", "large"));

        assertThat(told()).isEmpty();
    }

    @Test
    void leaves_out_a_row_that_was_inserted_while_the_backfill_ran() {
        stream.watch(List.of(state(null)));
        change(400, SEEN, Operation.INSERT, null, Row.of("3", "old", "large"));

        assertThat(told()).containsExactly("1oldlarge", "2oldlarge");
    }

    @Test
    void hands_on_where_changes_are_needed_from_by_the_first_that_was_not_seen() {
        change(400, RUNNING, Operation.UPDATE, null, Row.of("2", "newer", "large"));
        change(450, SEEN, Operation.UPDATE, null, Row.of("1", "old", "large"));
        PendingChunk pending = offer();
        DueChunk due = mark("the mark");
        due.rows();

        due.kept(3);

        assertThat(pending.outcome().join()).isInstanceOfSatisfying(Outcome.Kept.class, kept -> {
            assertThat(kept.state().base()).isEqualTo(400);
            assertThat(kept.state().cursor()).containsExactly("3");
        });
    }

    @Test
    void is_not_due_at_a_message_that_somebody_else_wrote() {
        offer();

        assertThat(mark("another mark")).isNull();
        assertThat(mark("the mark")).isNotNull();
        assertThat(mark("the mark")).isNull();
    }

    @Test
    void is_read_again_when_the_journal_does_not_reach_back_far_enough() {
        base = 5;
        PendingChunk pending = offer();

        assertThat(mark("the mark").rows()).isEmpty();
        assertThat(pending.outcome().join())
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.isUnfounded())
                        .isTrue());
    }

    @Test
    void is_read_again_when_history_has_a_gap() {
        PendingChunk pending = offer();

        stream.historyBroken();

        assertThat(mark("the mark")).isNull();
        assertThat(pending.outcome().join()).isInstanceOf(Outcome.Refused.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
