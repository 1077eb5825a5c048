package dev.campfire.realtime.journal;

import static dev.campfire.realtime.journal.Sample.broadcast;
import static dev.campfire.realtime.journal.Sample.row;
import static dev.campfire.realtime.journal.Sample.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.replay.EventLine;
import dev.campfire.realtime.replay.EventSelection;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Progress;
import dev.campfire.realtime.replay.ReplayRequest;
import dev.campfire.realtime.replay.Start;
import dev.campfire.realtime.replay.Stop;
import dev.campfire.realtime.replay.Tape;
import dev.campfire.realtime.replay.TapeListener;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal read as a whole, and played from one place to another. */
final class ArchiveTest {

    @TempDir
    Path temporary;

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    private RocksJournal journal;

    @BeforeEach
    void open() throws Exception {
        journal = open(JournalSettings.in(temporary.resolve("journal")));
        journal.begin(start(5));
    }

    private RocksJournal open(JournalSettings settings) throws JournalException {
        return RocksJournal.open(settings, "postgres", clock, lsn -> {}, () -> {});
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void append(JournalEntry... entries) {
        journal.append(List.of(entries), entries[entries.length - 1].change().id());
    }

    /** What a tape told. */
    private final class Heard implements TapeListener {
        private final List<String> events = new ArrayList<>();
        private final List<String> gaps = new ArrayList<>();
        private @Nullable Progress last;

        @Override
        public void event(Event event) {
            events.add(event.channel() + "@" + event.position().change().commitLsn() + "."
                    + event.position().ordinal());
        }

        @Override
        public void at(Progress progress) {
            last = progress;
        }

        @Override
        public void gap(LostException gap) {
            events.add("gap");
            gaps.add(String.valueOf(gap.oldest()));
        }
    }

    private final Heard heard = new Heard();

    private List<String> play(Start from, Stop to, EventSelection selection, long most, boolean overGaps)
            throws Exception {
        heard.events.clear();
        Tape.open(journal.archive(), new ReplayRequest(from, to, selection, most, overGaps), time -> {})
                .play(heard);
        return heard.events;
    }

    private List<String> play(Start from, Stop to) throws Exception {
        return play(from, to, EventSelection.ALL, Long.MAX_VALUE, false);
    }

    private static String id(long lsn, int ordinal) {
        return new dev.campfire.realtime.mapping.Position(Sample.id(lsn, 0), ordinal).toString();
    }

    private void appendSome() {
        append(row(10, 0, "1", "a:x", "b"), row(11, 0, "2", "a:y"));
        append(broadcast(12, "b7f0", "b", false));
        append(row(13, 0, "3", "a:x", "c", "b"));
    }

    private static final String[] ALL = {"a:x@10.0", "b@10.1", "a:y@11.0", "b@12.0", "a:x@13.0", "c@13.1", "b@13.2"};

    @Test
    void everything_is_played_in_order_from_the_beginning_to_the_end() throws Exception {
        appendSome();
        assertThat(play(new Start.Beginning(), new Stop.End())).containsExactly(ALL);
        assertThat(heard.last.events()).isEqualTo(7);
        assertThat(heard.last.bytesRead()).isEqualTo(heard.last.bytes()).isPositive();
        assertThat(play(new Start.Behind(heard.last.position()), new Stop.End()))
                .isEmpty();
    }

    @Test
    void every_position_can_be_begun_with_begun_behind_and_ended_with() throws Exception {
        appendSome();
        String[] ids = {id(10, 0), id(10, 1), id(11, 0), "b7f0", id(13, 0), id(13, 1), id(13, 2)};
        for (int i = 0; i < ALL.length; i++) {
            List<String> all = List.of(ALL);
            assertThat(play(new Start.With(ids[i]), new Stop.End())).isEqualTo(all.subList(i, 7));
            assertThat(play(new Start.Behind(ids[i]), new Stop.End())).isEqualTo(all.subList(i + 1, 7));
            assertThat(play(new Start.Beginning(), new Stop.With(ids[i]))).isEqualTo(all.subList(0, i + 1));
        }
    }

    @Test
    void pages_of_any_size_give_the_same() throws Exception {
        appendSome();
        for (int most = 1; most <= 8; most++) {
            List<String> all =
                    new ArrayList<>(play(new Start.Beginning(), new Stop.End(), EventSelection.ALL, most, false));
            for (int i = 0; i < 8; i++) {
                String position = heard.last.position();
                all.addAll(play(new Start.Behind(position), new Stop.End(), EventSelection.ALL, most, false));
            }
            assertThat(all).as("pages of " + most).containsExactly(ALL);
        }
    }

    @Test
    void channels_are_found_by_name_and_by_pattern_on_both_sides() throws Exception {
        appendSome();
        assertThat(selected(List.of("b"), List.of(), List.of())).containsExactly("b@10.1", "b@12.0", "b@13.2");
        assertThat(selected(List.of("b", "c"), List.of(), List.of()))
                .containsExactly("b@10.1", "b@12.0", "c@13.1", "b@13.2");
        assertThat(selected(List.of("a:*"), List.of(), List.of())).containsExactly("a:x@10.0", "a:y@11.0", "a:x@13.0");
        assertThat(selected(List.of(), List.of("said"), List.of())).containsExactly("b@12.0");
        assertThat(selected(List.of("b"), List.of(), List.of("messages"))).containsExactly("b@10.1", "b@13.2");
        assertThat(heard.last.position()).isEqualTo(journal.archive().contents().newestId());
    }

    private List<String> selected(List<String> channels, List<String> events, List<String> tables) throws Exception {
        return play(
                new Start.Beginning(),
                new Stop.End(),
                EventSelection.parse(channels, events, tables),
                Long.MAX_VALUE,
                false);
    }

    @Test
    void a_time_is_the_time_of_the_commit() throws Exception {
        appendSome();
        Instant commit = Instant.parse("2026-11-19T00:22:40.877123Z");

        assertThat(play(new Start.At(commit), new Stop.End()))
                .doesNotContain("b@12.0")
                .hasSize(6);
        assertThat(play(new Start.At(commit.plusNanos(1000)), new Stop.End())).isEmpty();
        assertThat(play(new Start.Beginning(), new Stop.Before(commit))).isEmpty();
        assertThat(play(new Start.Behind(heard.last.position()), new Stop.End()))
                .containsExactly(ALL);
        assertThat(play(new Start.With("b7f0"), new Stop.Before(commit))).containsExactly("b@12.0");
        assertThat(play(new Start.Behind(heard.last.position()), new Stop.End()))
                .as("what follows the end is not passed over")
                .containsExactly("a:x@13.0", "c@13.1", "b@13.2");
        assertThat(play(new Start.At(Instant.EPOCH), new Stop.Before(commit.plusNanos(1000))))
                .hasSize(7);
    }

    @Test
    void what_comes_later_is_played_to_who_follows_and_not_to_who_asked_for_the_end() throws Exception {
        append(row(10, 0, "1", "a"));
        Thread.interrupted();
        Thread tape = Thread.currentThread();
        assertThatThrownBy(() -> Tape.open(
                                journal.archive(),
                                new ReplayRequest(
                                        new Start.Beginning(),
                                        new Stop.Never(),
                                        EventSelection.ALL,
                                        Long.MAX_VALUE,
                                        false),
                                time -> {
                                    if (heard.events.size() == 1) {
                                        append(row(11, 0, "2", "a"));
                                    } else {
                                        throw new InterruptedException(tape.getName());
                                    }
                                })
                        .play(heard))
                .isInstanceOf(InterruptedException.class);

        assertThat(heard.events).containsExactly("a@10.0", "a@11.0");
    }

    @Test
    void a_place_that_retention_has_passed_is_told_and_never_begun_with_silently() throws Exception {
        append(row(10, 0, "1", "a"));
        now.addAndGet(Duration.ofHours(100).toMillis());
        append(row(11, 0, "2", "a"));
        append(row(12, 0, "3", "a"));
        journal.retain();

        for (Start gone : List.of(new Start.With(id(10, 0)), new Start.At(Instant.ofEpochMilli(1_700_000_000_000L)))) {
            assertThatThrownBy(() -> play(gone, new Stop.End()))
                    .isInstanceOfSatisfying(LostException.class, lost -> assertThat(lost.oldest())
                            .isNotNull());
            assertThat(heard.events).isEmpty();
        }
        assertThat(play(new Start.With(id(10, 0)), new Stop.End(), EventSelection.ALL, Long.MAX_VALUE, true))
                .containsExactly("gap", "a@11.0", "a@12.0");
        assertThat(play(new Start.Behind(heard.gaps.getFirst()), new Stop.End()))
                .containsExactly("a@11.0", "a@12.0");
        assertThat(play(new Start.Beginning(), new Stop.End())).containsExactly("a@11.0", "a@12.0");
        assertThatThrownBy(() -> play(new Start.Behind("never"), new Stop.End()))
                .isInstanceOf(LostException.class);
        assertThatThrownBy(() -> play(new Start.Beginning(), new Stop.With("never")))
                .isInstanceOf(LostException.class);
    }

    @Test
    void between_two_stretches_something_is_missing_and_it_says_so() throws Exception {
        append(row(10, 0, "1", "a"), row(11, 0, "2", "b"));
        journal.begin(new StreamStart(Sample.HISTORY, 500, Long.MAX_VALUE, true));
        append(row(600, 0, "3", "a"));

        assertThatThrownBy(() -> play(new Start.Beginning(), new Stop.End()))
                .isInstanceOfSatisfying(
                        LostException.class, lost -> assertThat(lost.before()).isNotNull());
        assertThat(heard.events).containsExactly("a@10.0", "b@11.0");
        assertThat(play(new Start.Beginning(), new Stop.End(), EventSelection.ALL, Long.MAX_VALUE, true))
                .containsExactly("a@10.0", "b@11.0", "gap", "a@600.0");
        assertThat(play(new Start.Behind(heard.gaps.getFirst()), new Stop.End()))
                .containsExactly("a@600.0");
        assertThat(play(new Start.Beginning(), new Stop.With(id(11, 0)))).containsExactly("a@10.0", "b@11.0");
        assertThatThrownBy(() -> play(
                        new Start.With(id(10, 0)),
                        new Stop.End(),
                        EventSelection.parse(List.of("a"), List.of(), List.of()),
                        Long.MAX_VALUE,
                        false))
                .isInstanceOf(LostException.class);
        assertThat(heard.events).containsExactly("a@10.0");
    }

    @Test
    void a_closed_journal_tells_the_same_bytes_as_an_open_one() throws Exception {
        appendSome();
        List<String> open = lines(journal.archive());
        journal.close();

        try (StoredJournal stored = StoredJournal.open(temporary.resolve("journal"))) {
            assertThat(lines(stored.archive())).isEqualTo(open).hasSize(7);
        }
    }

    private static List<String> lines(Archive archive) throws Exception {
        return archive.scan(EventFilter.ALL, archive.beginning(), null, 100).events().stream()
                .map(event -> new String(EventLine.of(event), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void channels_are_listed_page_by_page_with_the_numbers_that_are_kept() throws Exception {
        append(row(10, 0, "1", "a", "gone"));
        now.addAndGet(Duration.ofHours(100).toMillis());
        append(row(11, 0, "2", "a", "b"));
        append(broadcast(12, "b7f0", "a", false));
        journal.retain();

        List<Archive.ChannelNumbers> all = new ArrayList<>();
        String after = null;
        do {
            Archive.ChannelPage page = journal.archive().channels(name -> true, after, 1);
            all.addAll(page.channels());
            after = page.next();
        } while (after != null);

        assertThat(all)
                .containsExactly(
                        new Archive.ChannelNumbers("a", true, 2, 2),
                        new Archive.ChannelNumbers("b", true, 1, 1),
                        new Archive.ChannelNumbers("gone", true, 0, 1),
                        new Archive.ChannelNumbers("a", false, 1, 1));
        assertThat(journal.archive().channels("b"::equals, null, 10).channels()).hasSize(1);
    }

    @Test
    void whether_a_service_has_it_open_can_be_told_from_outside() throws Exception {
        Path folder = temporary.resolve("journal");
        assertThat(StoredJournal.isIn(folder)).isTrue();
        journal.close();
        assertThat(StoredJournal.isInUse(folder)).isFalse();
        assertThat(StoredJournal.isInUse(temporary)).isFalse();
    }
}
