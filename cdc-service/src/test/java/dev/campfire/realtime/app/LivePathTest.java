package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.backfill.Backfills;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeBatch;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.changes.NothingToSubscribe;
import dev.campfire.realtime.changes.OpenLanes;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.journal.Journal;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.journal.RocksJournal;
import dev.campfire.realtime.journal.VolatileJournal;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LivePathTest {

    private final List<ChangeId> mapped = new ArrayList<>();
    private int gaps;
    private final List<Long> acknowledged = new ArrayList<>();
    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 1000);
    private final LivePath path = path(new VolatileJournal(acknowledged::add));

    private LivePath path(Journal journal) {
        return new LivePath(
                (change, events) -> {
                    mapped.add(change.id());
                    events.accept(new Event(
                            new Position(change.id(), 0),
                            "org:o:conv:c",
                            "message:created",
                            Instant.EPOCH,
                            new byte[] {'{', '}'},
                            null));
                },
                journal,
                OpenLanes.on(hub),
                new NothingToSubscribe(),
                batch -> {},
                event -> true,
                event -> event.name().startsWith("typing:"),
                () -> gaps++,
                new Backfills(
                                new DatabaseSettings("127.0.0.1", 1, "nowhere", "nobody", "", Map.of()),
                                "nothing",
                                journal,
                                (schema, table) -> true,
                                InstantSource.system())
                        .stream());
    }

    @Test
    void publishes_each_change_and_then_lets_postgres_forget_it() throws Exception {
        path.accept(new ChangeBatch(List.of(change(10, 0), change(10, 1)), 12));

        assertThat(hub.counts().published()).isEqualTo(2);
        assertThat(acknowledged).containsExactly(12L);
    }

    @Test
    void drops_what_comes_again_and_goes_on_in_the_middle_of_a_transaction() throws Exception {
        path.accept(new ChangeBatch(List.of(change(10, 0), change(10, 1)), 0));

        path.accept(new ChangeBatch(List.of(change(9, 5), change(10, 0), change(10, 1), change(10, 2)), 12));

        assertThat(mapped).containsExactly(id(10, 0), id(10, 1), id(10, 2));
        assertThat(path.duplicates()).isEqualTo(3);
        assertThat(acknowledged).containsExactly(12L);
    }

    @Test
    void says_so_when_the_stream_goes_on_behind_where_it_ended() throws Exception {
        path.begin(new StreamStart(1, 5, 100, true));
        path.accept(new ChangeBatch(List.of(change(10, 0)), 12));
        path.begin(new StreamStart(1, 12, 100, false));
        assertThat(gaps).isZero();

        path.begin(new StreamStart(1, 13, 100, false));

        assertThat(gaps).isEqualTo(1);
    }

    @Test
    void a_database_that_was_set_back_is_heard_again() throws Exception {
        path.begin(new StreamStart(1, 5, 100, true));
        path.accept(new ChangeBatch(List.of(change(10, 0)), 12));

        path.begin(new StreamStart(1, 6, 8, false));
        path.accept(new ChangeBatch(List.of(change(10, 0)), 12));

        assertThat(gaps).isEqualTo(1);
        assertThat(hub.counts().published()).isEqualTo(2);
    }

    @Test
    void acknowledges_nothing_while_a_transaction_is_not_whole() throws Exception {
        path.accept(new ChangeBatch(List.of(change(10, 0)), 0));

        assertThat(acknowledged).isEmpty();
    }

    @Test
    void acknowledges_what_came_again_for_it_had_not_been_heard() throws Exception {
        path.accept(new ChangeBatch(List.of(change(10, 0)), 12));
        path.accept(new ChangeBatch(List.of(change(10, 0)), 12));

        assertThat(acknowledged).containsExactly(12L, 12L);
        assertThat(hub.counts().published()).isEqualTo(1);
    }

    @Test
    void delivers_a_large_batch_whole_and_in_order() throws Exception {
        List<Change> changes =
                IntStream.range(0, 5000).mapToObj(i -> change(10, i)).toList();

        path.accept(new ChangeBatch(changes, 12));

        assertThat(mapped).isEqualTo(changes.stream().map(Change::id).toList());
        assertThat(hub.counts().published()).isEqualTo(5000);
    }

    @Test
    void knows_whether_the_journal_holds_what_was_published(@TempDir Path temporary) throws Exception {
        Path folder = temporary.resolve("journal");
        AtomicInteger refills = new AtomicInteger();
        try (RocksJournal journal = RocksJournal.open(
                JournalSettings.in(folder), "db", InstantSource.system(), lsn -> {}, refills::incrementAndGet)) {
            LivePath kept = path(journal);
            kept.begin(new StreamStart(1, 5, 100, true));
            kept.accept(new ChangeBatch(List.of(change(10, 0)), 12));
            assertThat(kept.isKept()).isTrue();
            Path elsewhere = temporary.resolve("elsewhere");
            Files.move(folder, elsewhere);
            Files.createFile(folder);
            await().until(() -> {
                journal.sync();
                return journal.isFailing();
            });

            kept.accept(new ChangeBatch(List.of(change(20, 0), change(30, 0)), 32));

            assertThat(kept.isKept()).isFalse();
            Files.delete(folder);
            Files.move(elsewhere, folder);
            await().until(() -> refills.get() == 1);
            assertThat(journal.isFailing()).isFalse();
            kept.begin(new StreamStart(1, 12, 100, false));
            kept.accept(new ChangeBatch(List.of(change(20, 0)), 0));
            assertThat(kept.isKept()).isFalse();
            kept.accept(new ChangeBatch(List.of(change(30, 0)), 32));
            assertThat(kept.isKept()).isTrue();
        }
        assertThat(hub.counts().published()).isEqualTo(3);
    }

    private static Change change(long commit, int index) {
        return new Change(id(commit, index), 1, Instant.EPOCH, Operation.TRUNCATE, null, null, null, null);
    }

    private static ChangeId id(long commit, int index) {
        return new ChangeId(1, commit, index);
    }
}
