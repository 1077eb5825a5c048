package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.Sample.HISTORY;
import static dev.campfire.realtime.journal.Sample.broadcast;
import static dev.campfire.realtime.journal.Sample.id;
import static dev.campfire.realtime.journal.Sample.row;
import static dev.campfire.realtime.journal.Sample.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksJournalTest {

    private static final String CHANNEL = "org:o:conv:c";

    @TempDir
    Path temporary;

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    private final List<Long> acknowledged = new CopyOnWriteArrayList<>();
    private Path folder;
    private RocksJournal journal;

    @BeforeEach
    void open() throws Exception {
        folder = temporary.resolve("journal");
        journal = open(JournalSettings.in(folder));
        journal.begin(start(5));
    }

    private RocksJournal open(JournalSettings settings) throws JournalException {
        return RocksJournal.open(settings, "postgres", clock, acknowledged::add, () -> {});
    }

    private void reopen() throws JournalException {
        journal.close();
        journal = open(JournalSettings.in(folder));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void append(JournalEntry... entries) {
        journal.append(List.of(entries), entries[entries.length - 1].change().id());
    }

    private List<JournalEntry> read(Selection selection, ReadPoint from) throws IOException {
        List<JournalEntry> all = new ArrayList<>();
        JournalReader.Page page = journal.reader().read(selection, from, 3);
        all.addAll(page.entries());
        while (!page.isAtEnd()) {
            page = journal.reader().read(selection, page.next(), 3);
            all.addAll(page.entries());
        }
        return all;
    }

    private List<String> positions(String channel) throws IOException {
        return read(Selection.channel(channel, true), ReadPoint.BEGINNING).stream()
                .flatMap(entry -> entry.events().stream())
                .map(event -> event.position().change().commitLsn() + "." + event.sequence())
                .toList();
    }

    @Test
    void gives_back_what_was_appended_byte_for_byte_also_after_it_was_closed() throws Exception {
        JournalEntry entry = row(10, 0, "7", CHANNEL, CHANNEL + ":status");
        append(entry, broadcast(11, "b7f0", "room", false));
        reopen();

        List<JournalEntry> all = read(Selection.EVERYTHING, ReadPoint.BEGINNING);

        assertThat(all).hasSize(2);
        Event event = all.getFirst().events().getFirst();
        assertThat(event.payload()).isEqualTo(entry.events().getFirst().payload());
        assertThat(event.channel()).isEqualTo(CHANNEL);
        assertThat(event.sequence()).isEqualTo(1);
        assertThat(all.getFirst().change().relation()).isEqualTo(Sample.MESSAGES);
        assertThat(all.getFirst().change().commitTime())
                .isEqualTo(entry.change().commitTime());
        assertThat(all.getFirst().change().after().text(0)).isEqualTo("7");
        assertThat(all.getFirst().change().after().isNull(1)).isTrue();
        Event said = all.getLast().events().getFirst();
        assertThat(said.id()).isEqualTo("b7f0");
        assertThat(said.payload()).containsExactly(0, 1, -1);
        assertThat(said.isRaw()).isTrue();
        assertThat(said.isPrivate()).isFalse();
        assertThat(all.getLast().change().message().content()).containsExactly(1, 2);
    }

    @Test
    void gives_back_events_that_tell_of_some_columns_alone() throws Exception {
        JournalEntry entry = row(10, 0, "7", List.of("tags"), CHANNEL);
        append(entry);
        reopen();

        Event event = read(Selection.EVERYTHING, ReadPoint.BEGINNING)
                .getFirst()
                .events()
                .getFirst();

        assertThat(event.row().columns()).containsExactly("tags");
        assertThat(new String(event.payload(), StandardCharsets.UTF_8))
                .endsWith("\"record\":{\"tags\":null},\"old_record\":null}");
        assertThat(event.payload()).isEqualTo(entry.events().getFirst().payload());
    }

    @Test
    void numbers_the_events_of_each_channel_without_gaps_whatever_lies_between() throws Exception {
        append(row(10, 0, "1", CHANNEL), row(10, 1, "2", "other"), row(10, 2, "3", CHANNEL, CHANNEL));
        reopen();
        append(row(12, 0, "4", CHANNEL));

        assertThat(positions(CHANNEL)).containsExactly("10.1", "10.2", "10.3", "12.4");
        assertThat(positions("other")).containsExactly("10.1");
        assertThat(journal.reader().sequence(CHANNEL, true)).isEqualTo(4);
        assertThat(journal.reader().sequence(CHANNEL, false)).isZero();
    }

    @Test
    void holds_what_was_appended_and_nothing_else() throws Exception {
        append(row(10, 3, "1", CHANNEL));
        reopen();

        assertThat(journal.holds(id(10, 3))).isTrue();
        assertThat(journal.holds(id(9, 700))).isTrue();
        assertThat(journal.holds(id(10, 4))).isFalse();
    }

    @Test
    void goes_on_behind_an_event_in_the_middle_of_a_change() throws Exception {
        append(row(10, 0, "1", CHANNEL, CHANNEL), row(11, 0, "2", CHANNEL));

        ReadPoint point =
                journal.reader().after(new Position(id(10, 0), 0).toString()).orElseThrow();

        assertThat(read(Selection.channel(CHANNEL, true), point).stream()
                        .flatMap(entry -> entry.events().stream())
                        .map(Event::sequence))
                .containsExactly(2L, 3L);
    }

    @Test
    void finds_broadcasts_by_the_id_of_their_row() throws Exception {
        append(broadcast(10, "one", "room", true), broadcast(11, "two", "room", true));

        ReadPoint point = journal.reader().after("one").orElseThrow();

        assertThat(read(Selection.channel("room", true), point)
                        .getFirst()
                        .events()
                        .getFirst()
                        .id())
                .isEqualTo("two");
        assertThat(journal.reader().after("three")).isEmpty();
    }

    @Test
    void reads_the_changes_of_tables_beside_the_events_of_channels_each_once_and_in_order() throws Exception {
        append(row(10, 0, "1"), row(11, 0, "2", CHANNEL), broadcast(12, "x", CHANNEL, true), row(13, 0, "3"));

        Selection both = new Selection(
                java.util.Set.of(new Selection.Channel(CHANNEL, true)),
                java.util.Set.of(new Selection.Table("public", "messages")),
                false);

        assertThat(read(both, ReadPoint.BEGINNING))
                .extracting(entry -> entry.change().id().commitLsn())
                .containsExactly(10L, 11L, 12L, 13L);
    }

    @Test
    void knows_nothing_of_positions_of_another_history_or_before_its_beginning() throws Exception {
        append(row(10, 0, "1", CHANNEL));

        assertThat(journal.reader()
                        .after(new Position(new dev.campfire.realtime.capture.ChangeId(1, 10, 0), 0).toString()))
                .isEmpty();
        assertThat(journal.reader().after(new Position(id(3, 9), 0).toString())).isEmpty();
        assertThat(journal.reader().after(new Position(id(10, 0), 0).toString()))
                .isPresent();
        assertThat(journal.reader().after("no position")).isEmpty();
    }

    @Test
    void acknowledges_only_what_is_complete_and_synced() {
        append(row(10, 0, "1", CHANNEL));
        journal.sync();
        assertThat(acknowledged).isEmpty();

        journal.complete(12);
        journal.sync();

        assertThat(acknowledged).contains(12L);
    }

    @Test
    void a_slot_that_is_further_on_than_the_journal_begins_another_stretch() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        journal.complete(12);
        reopen();
        journal.begin(start(12));
        String last = new Position(id(10, 0), 0).toString();
        assertThat(journal.reader().after(last)).isPresent();
        assertThat(journal.status().gaps()).isZero();

        journal.begin(start(20));

        assertThat(journal.reader().after(last)).isEmpty();
        assertThat(journal.status().gaps()).isEqualTo(1);
        append(row(21, 0, "2", CHANNEL));
        assertThat(positions(CHANNEL)).containsExactly("10.1", "21.2");
    }

    @Test
    void a_database_that_went_back_in_time_begins_another_stretch_in_which_old_positions_come_again() throws Exception {
        append(row(10, 0, "1", CHANNEL));
        journal.complete(12);

        journal.begin(new StreamStart(HISTORY, 7, 9, false));

        assertThat(journal.holds(id(10, 0))).isFalse();
        append(row(10, 0, "another", CHANNEL));
        assertThat(positions(CHANNEL)).containsExactly("10.1", "10.2");
    }

    @Test
    void redelivery_from_before_its_end_is_no_gap() {
        append(row(10, 0, "1", CHANNEL));
        journal.complete(12);

        journal.begin(start(8));

        assertThat(journal.status().gaps()).isZero();
    }

    @Test
    void removes_what_is_too_old_and_tells_who_asks_for_it() throws Exception {
        append(row(10, 0, "1", CHANNEL), broadcast(11, "old", CHANNEL, true));
        now.addAndGet(Duration.ofHours(71).toMillis());
        append(row(12, 0, "2", CHANNEL));
        append(row(13, 0, "3", CHANNEL));
        journal.retain();
        assertThat(positions(CHANNEL)).hasSize(4);

        now.addAndGet(Duration.ofHours(2).toMillis());
        journal.retain();

        assertThat(positions(CHANNEL)).containsExactly("12.3", "13.4");
        assertThat(journal.reader().after(new Position(id(10, 0), 0).toString()))
                .isEmpty();
        assertThat(journal.reader().after("old")).isEmpty();
        assertThat(journal.reader().after(new Position(id(12, 0), 0).toString()))
                .isPresent();
        assertThat(journal.reader().oldestId()).isEqualTo(new Position(id(12, 0), 0).toString());
        reopen();
        assertThat(positions(CHANNEL)).containsExactly("12.3", "13.4");
        assertThat(journal.reader().after(new Position(id(11, 0), 0).toString()))
                .isEmpty();
    }

    @Test
    void removes_what_is_too_much() throws Exception {
        journal.close();
        journal = open(new JournalSettings(folder, Duration.ofHours(1), 20_000));
        journal.begin(start(5));
        String large = "x".repeat(1000);
        for (int i = 0; i < 100; i++) {
            append(row(10 + i, 0, large, CHANNEL));
        }
        journal.retain();

        assertThat(journal.status().bytes()).isLessThanOrEqualTo(20_000);
        assertThat(positions(CHANNEL).size()).isBetween(10, 20);
        assertThat(positions(CHANNEL).getLast()).isEqualTo("109.100");
    }

    @Test
    void finds_where_a_time_begins() throws Exception {
        for (int i = 0; i < 50; i++) {
            append(row(1000L * i + 10, 0, "r", CHANNEL));
            now.addAndGet(1000);
        }
        for (int i : IntStream.of(0, 1, 17, 49).toArray()) {
            ReadPoint point = journal.reader().at(Instant.ofEpochMilli(1_800_000_000_000L + i * 1000L));
            assertThat(read(Selection.EVERYTHING, point)
                            .getFirst()
                            .change()
                            .id()
                            .commitLsn())
                    .isEqualTo(1000L * i + 10);
        }
        assertThat(read(Selection.EVERYTHING, journal.reader().at(Instant.parse("2100-01-01T00:00:00Z"))))
                .isEmpty();
    }
}
