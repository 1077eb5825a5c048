package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.Sample.HISTORY;
import static dev.campfire.realtime.journal.Sample.id;
import static dev.campfire.realtime.journal.Sample.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.mapping.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** What of a store stands in the one that it is carried into. */
final class CarryingTest {

    private static final String CHANNEL = "org:o:conv:c";
    private static final Era ERA = new Era(1, HISTORY, 5, Instant.EPOCH, 0);

    @TempDir
    Path temporary;

    private final Log log = new Log();
    private WriteOptions writing;
    private Store store;
    private Store fresh;
    private Appending appending;
    private long number;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(Files.createDirectory(temporary.resolve("old")), "postgres", Store.Mode.WRITE);
        fresh = Store.open(Files.createDirectory(temporary.resolve("fresh")), "postgres", Store.Mode.WRITE);
        writing = new WriteOptions();
        try (WriteBatch batch = new WriteBatch()) {
            Log.write(batch, store, ERA);
            store.database().write(writing, batch);
        }
        log.begin(ERA);
        appending =
                new Appending(new StoreGuard(store, damage -> {}), log, new Tables(), writing, InstantSource.system());
    }

    @AfterEach
    void close() {
        store.close();
        fresh.close();
        writing.close();
    }

    private void append(long lsn, String text) throws Exception {
        JournalEntry entry = row(lsn, 0, text, CHANNEL);
        List<Event> events = List.of(entry.events().getFirst().withSequence(++number));
        appending.append(
                ERA, List.of(new JournalEntry(entry.change(), events)), LogPosition.of(1, id(lsn, 0)), List.of());
    }

    private Carrying carry(BooleanSupplier hasRoom) throws Exception {
        Carrying carrying = new Carrying(fresh, hasRoom);
        carrying.carrySmall(store);
        carrying.carry(store);
        return carrying;
    }

    private List<String> carried() throws Exception {
        Log carriedLog = new Log();
        Tables tables = new Tables();
        carriedLog.load(fresh);
        tables.load(fresh);
        StoreGuard guard = new StoreGuard(fresh, damage -> {});
        RocksReader reader = new RocksReader(guard, carriedLog, tables, new Heads(guard));
        assertThat(reader.sequence(CHANNEL, true)).isEqualTo(number);
        return read(reader);
    }

    private static List<String> read(RocksReader reader) throws IOException {
        return reader.read(Selection.channel(CHANNEL, true), reader.oldest(), 1000).entries().stream()
                .map(entry -> entry.change().id().commitLsn() + "."
                        + entry.events().getFirst().sequence())
                .toList();
    }

    @Test
    void what_is_appended_while_the_rest_is_carried_follows() throws Exception {
        append(10, "1");
        append(20, "2");
        try (Carrying carrying = carry(() -> true)) {
            append(30, "3");
            DamagedFiles.flush(store);
            append(40, "4");

            carrying.finish(store, 0);

            assertThat(carried()).containsExactly("10.1", "20.2", "30.3", "40.4");
            assertThat(carrying.hasLosses()).isFalse();
        }
    }

    @Test
    void a_block_that_is_missing_without_anybody_noticing_is_lost_with_all_before_it() throws Exception {
        for (long lsn = 10; lsn <= 50; lsn += 10) {
            append(lsn, "text");
        }
        store.database().delete(store.log(), LogPosition.of(1, id(30, 0)).key());

        try (Carrying carrying = carry(() -> true)) {
            carrying.finish(store, 0);

            assertThat(carried()).containsExactly("40.4", "50.5");
            assertThat(carrying.hasLosses()).isTrue();
            assertThat(carrying.floor()).isBetween(LogPosition.of(1, id(30, 0)), LogPosition.of(1, id(40, 0)));
        }
    }

    @Test
    void what_there_is_no_room_for_is_what_is_old() throws Exception {
        String large = "x".repeat(300_000);
        for (long lsn = 10; lsn <= 100; lsn += 10) {
            append(lsn, large);
        }

        try (Carrying carrying = carry(() -> false)) {
            carrying.finish(store, 0);

            assertThat(carried()).hasSizeBetween(1, 5).last().isEqualTo("100.10");
            assertThat(carrying.hasLosses()).isTrue();
            assertThat(carrying.hasLostEnd()).isFalse();
        }
    }
}
