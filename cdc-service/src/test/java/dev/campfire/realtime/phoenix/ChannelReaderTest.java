package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.journal.JournalEntry;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.journal.RocksJournal;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels that are read page by page while the journal changes. */
final class ChannelReaderTest {

    private static final Runnable NOTHING = () -> {};

    @TempDir
    Path folder;

    private final AtomicReference<Runnable> behindNextRead = new AtomicReference<>(NOTHING);
    private RocksJournal journal;
    private SessionFixture sessions;
    private ChannelReader reader;

    @BeforeEach
    void open() throws Exception {
        journal = RocksJournal.open(
                JournalSettings.in(folder.resolve("journal")), "postgres", InstantSource.system(), lsn -> {}, () -> {});
        journal.begin(new StreamStart(1, 5, 1000, true));
        JournalReader real = journal.reader();
        JournalReader interrupted = (JournalReader) Proxy.newProxyInstance(
                JournalReader.class.getClassLoader(),
                new Class<?>[] {JournalReader.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (method.getName().equals("read")) {
                            behindNextRead.getAndSet(NOTHING).run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        sessions = new SessionFixture(interrupted);
        reader = new ChannelReader(
                sessions.services, new SessionLimits(20, Duration.ofMinutes(10), Duration.ofSeconds(9)));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private static String id(long lsn) {
        return new Position(new ChangeId(1, lsn, 0), 0).toString();
    }

    private void say(long lsn) {
        Change change = new Change(
                new ChangeId(1, lsn, 0),
                0,
                Instant.EPOCH,
                Operation.MESSAGE,
                null,
                null,
                null,
                new Change.LogicalMessage(true, "p", new byte[] {1}));
        Event event = new Event(
                new Position(change.id(), 0), id(lsn), "room", false, "said", Instant.EPOCH, false, new byte[] {'1'});
        journal.append(List.of(new JournalEntry(change, List.of(event))), change.id());
    }

    private ChannelReader.Outcome.Read ask(String after) throws Exception {
        return (ChannelReader.Outcome.Read) reader.read(new ChannelReader.Request(
                        "room",
                        false,
                        sessions.token("anon", Duration.ofHours(1)),
                        "{}",
                        new ChannelReader.From.After(after),
                        100))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_slot_that_is_made_anew_while_somebody_reads_is_told_once() throws Exception {
        say(10);
        say(11);
        behindNextRead.set(() -> journal.begin(new StreamStart(1, 900, 2000, true)));

        ChannelReader.Outcome.Read before = ask(id(10));
        ChannelReader.Outcome.Read across = ask(before.next());
        ChannelReader.Outcome.Read behind = ask(across.next());

        // All that was there is told, and that something is missing behind it when it is gone on from there.
        assertThat(before.events()).hasSize(1);
        assertThat(List.of(before.isRecovered(), across.isRecovered(), behind.isRecovered()))
                .containsExactly(true, false, true);
    }
}
