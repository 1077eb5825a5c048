package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.Sample.HISTORY;
import static dev.campfire.realtime.journal.Sample.id;
import static dev.campfire.realtime.journal.Sample.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Where the last number of a channel is found, and that none is given twice. */
final class HeadsTest {

    private static final IndexKey ROOM = IndexKey.channel("room", true);
    private static final IndexKey HALL = IndexKey.channel("hall", true);

    @TempDir
    Path temporary;

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);

    private RocksJournal open() throws JournalException {
        RocksJournal journal = RocksJournal.open(
                JournalSettings.in(temporary), "postgres", () -> Instant.ofEpochMilli(now.get()), lsn -> {}, () -> {});
        journal.begin(new StreamStart(HISTORY, 5, 1000, false));
        return journal;
    }

    private static List<Long> append(RocksJournal journal, long lsn, String... channels) {
        return journal.append(List.of(row(lsn, 0, "text", channels)), id(lsn, 0)).stream()
                .flatMap(entry -> entry.events().stream())
                .map(Event::sequence)
                .toList();
    }

    private interface Use {
        void with(Store store) throws RocksDBException;
    }

    private void look(Use use) throws Exception {
        use(Store.Mode.READ, use);
    }

    private void use(Store.Mode mode, Use use) throws Exception {
        try (Store store = Store.open(temporary, null, mode)) {
            use.with(store);
        }
    }

    private static long head(Store store, IndexKey channel) throws RocksDBException {
        return Heads.head(store, channel.prefix());
    }

    @Test
    void a_channel_is_written_down_once_and_its_last_number_is_read_from_the_index() throws Exception {
        try (RocksJournal journal = open()) {
            append(journal, 10, "room");
            append(journal, 20, "room", "hall");
            append(journal, 30, "room");
        }
        look(store -> {
            assertThat(head(store, ROOM)).isEqualTo(1);
            assertThat(head(store, HALL)).isEqualTo(1);
            assertThat(Heads.stored(store, ROOM)).isEqualTo(3);
            assertThat(Heads.stored(store, HALL)).isEqualTo(1);
            assertThat(Heads.stored(store, IndexKey.channel("roo", true))).isZero();
            assertThat(Heads.stored(store, IndexKey.channel("room", false))).isZero();
        });
        try (RocksJournal journal = open()) {
            assertThat(journal.reader().sequence("room", true)).isEqualTo(3);
            assertThat(append(journal, 40, "hall", "room")).containsExactly(2L, 4L);
        }
    }

    @Test
    void what_retention_takes_from_the_index_is_written_down() throws Exception {
        try (RocksJournal journal = open()) {
            append(journal, 10, "room");
            append(journal, 20, "room", "hall");
            append(journal, 30, "hall");
            now.addAndGet(Duration.ofHours(100).toMillis());
            append(journal, 40, "hall");
            append(journal, 50, "other");
            journal.retain();
        }
        look(store -> {
            assertThat(store.database().get(store.index(), ROOM.at(LogPosition.of(1, id(20, 0)))))
                    .isNull();
            assertThat(head(store, ROOM)).isEqualTo(2);
            assertThat(head(store, HALL)).isEqualTo(2);
            assertThat(Heads.stored(store, HALL)).isEqualTo(3);
        });
        try (RocksJournal journal = open()) {
            assertThat(append(journal, 60, "room", "hall")).containsExactly(3L, 4L);
        }
    }

    @Test
    void a_journal_of_format_1_goes_on_with_its_numbers_and_retention_makes_none_of_them_less() throws Exception {
        try (RocksJournal journal = open()) {
            for (int i = 1; i <= 5; i++) {
                append(journal, 10 * i, "room");
                now.addAndGet(i == 3 ? Duration.ofHours(100).toMillis() : 0);
            }
            append(journal, 60, "hall");
        }
        makeFormat1();
        look(store -> assertThat(Heads.stored(store, ROOM)).isEqualTo(5));
        try (RocksJournal journal = open()) {
            assertThat(journal.reader().sequence("room", true)).isEqualTo(5);
            assertThat(append(journal, 70, "hall")).containsExactly(2L);
            assertThat(journal.reader()
                            .read(
                                    Selection.channel("room", true),
                                    journal.reader().oldest(),
                                    100)
                            .entries())
                    .hasSize(5);
            assertThat(journal.archive().channels(name -> true, null, 10).channels())
                    .extracting(Archive.ChannelNumbers::last)
                    .containsExactly(2L, 5L);
            // Of the room it takes the events with the numbers 1 to 3.
            journal.retain();
            append(journal, 80, "hall");
        }
        look(store -> {
            assertThat(store.database().get(store.index(), ROOM.at(LogPosition.of(1, id(30, 0)))))
                    .isNull();
            assertThat(store.database().get(store.index(), ROOM.at(LogPosition.of(1, id(40, 0)))))
                    .isNotNull();
            assertThat(head(store, ROOM)).isEqualTo(5);
            assertThat(Heads.stored(store, HALL)).isEqualTo(3);
            assertThat(store.database().get(store.meta(), ascii("format"))).isEqualTo(ascii("2"));
        });
        try (RocksJournal journal = open()) {
            assertThat(append(journal, 90, "room", "hall")).containsExactly(6L, 4L);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Makes of what is there what a version without numbers in the index has written. */
    private void makeFormat1() throws Exception {
        use(Store.Mode.WRITE, store -> {
            try (RocksIterator at = store.database().newIterator(store.index());
                    WriteBatch batch = new WriteBatch();
                    WriteOptions writing = new WriteOptions()) {
                for (at.seekToFirst(); at.isValid(); at.next()) {
                    ByteReader places = IndexValue.places(at.value());
                    List<Byte> rest = new ArrayList<>();
                    while (places.hasMore()) {
                        rest.add((byte) places.readByte());
                    }
                    byte[] value = new byte[rest.size()];
                    for (int i = 0; i < value.length; i++) {
                        value[i] = rest.get(i);
                    }
                    byte[] channel = IndexKey.channelOf(at.key());
                    if (channel != null) {
                        batch.put(store.heads(), channel, Heads.value(IndexValue.number(at.value())));
                        batch.put(store.index(), at.key(), value);
                    }
                }
                batch.put(store.meta(), ascii("format"), ascii("1"));
                store.database().write(writing, batch);
            }
        });
    }

    @Test
    void what_was_given_and_not_written_is_forgotten() throws Exception {
        Heads heads = new Heads((channel, name) -> 4);
        heads.give(ROOM, 7);
        assertThat(heads.last(ROOM)).isEqualTo(7);

        heads.forget();

        assertThat(heads.last(ROOM)).isEqualTo(4);
    }

    @Test
    void a_reader_that_is_late_does_not_take_a_number_back() throws Exception {
        AtomicLong lookups = new AtomicLong();
        AtomicReference<Heads> heads = new AtomicReference<>();
        heads.set(new Heads((channel, name) -> {
            if (lookups.incrementAndGet() == 1) {
                // What was read is 4; before it is told, the thread that appends gives two more.
                heads.get().give(ROOM, 5);
                heads.get().give(ROOM, 6);
            }
            return 4;
        }));

        assertThat(heads.get().last(ROOM)).isEqualTo(6);
        assertThat(heads.get().last(ROOM)).isEqualTo(6);
        assertThat(lookups).hasValue(1);
    }

    @Test
    void what_was_read_before_something_was_forgotten_is_not_remembered() throws Exception {
        AtomicLong stored = new AtomicLong(4);
        AtomicReference<Heads> heads = new AtomicReference<>();
        heads.set(new Heads((channel, name) -> {
            long before = stored.get();
            if (before == 4) {
                stored.set(5);
                heads.get().forget();
            }
            return before;
        }));

        heads.get().last(ROOM);

        assertThat(heads.get().last(ROOM)).isEqualTo(5);
    }
}
