package dev.campfire.realtime.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.backfill.BackfillState.Phase;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.journal.RocksJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {

    private static final RowKey ONE = new RowKey(List.of("a", "b"));
    private static final RowKey OTHER = new RowKey(List.of("ab", ""));

    @TempDir
    private Path folder;

    private RocksJournal open() throws Exception {
        RocksJournal journal = RocksJournal.open(
                new JournalSettings(folder.resolve("journal"), Duration.ofHours(1), 1 << 30),
                "postgres",
                InstantSource.system(),
                lsn -> {},
                () -> {});
        journal.begin(new StreamStart(1, 10, 1000, false));
        return journal;
    }

    @Test
    void gives_back_how_far_a_backfill_was_after_a_restart() throws Exception {
        BackfillState state = new BackfillState(
                "b1",
                new BackfillRequest("app", "Odd name", "a > 'x'", 7, true),
                List.of(new Part("app", "Odd name", List.of("k1", "k2"))),
                0,
                List.of("1", "ü"),
                0xFFFF_FFFF_0000L,
                Phase.WAITING,
                "for something",
                12,
                11,
                100,
                Instant.parse("2026-11-27T01:02:03.456Z"),
                null);
        try (RocksJournal journal = open()) {
            new Ledger(journal.notes()).write(state);
        }

        try (RocksJournal journal = open()) {
            assertThat(new Ledger(journal.notes()).states()).containsExactly(state);
        }
    }

    @Test
    void tells_apart_rows_whose_keys_read_alike() throws Exception {
        try (RocksJournal journal = open()) {
            Ledger ledger = new Ledger(journal.notes());
            ledger.writeTold(List.of(ledger.told("b1", ONE)));
            List<RowKey> rows = new ArrayList<>(List.of(ONE, OTHER));

            ledger.removeTold("b1", rows);

            assertThat(rows).containsExactly(OTHER);
        }
    }

    @Test
    void forgets_the_rows_of_one_backfill_alone() throws Exception {
        try (RocksJournal journal = open()) {
            Ledger ledger = new Ledger(journal.notes());
            ledger.writeTold(List.of(ledger.told("b1", ONE), ledger.told("b2", ONE)));

            ledger.forgetTold("b1");

            List<RowKey> ofFirst = new ArrayList<>(List.of(ONE));
            ledger.removeTold("b1", ofFirst);
            List<RowKey> ofSecond = new ArrayList<>(List.of(ONE));
            ledger.removeTold("b2", ofSecond);
            assertThat(ofFirst).containsExactly(ONE);
            assertThat(ofSecond).isEmpty();
        }
    }
}
