package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels that are read page by page while the journal changes. */
final class ChannelReaderTest {

    @TempDir
    Path folder;

    private RoomJournal journal;
    private SessionFixture sessions;
    private ChannelReader reader;

    @BeforeEach
    void open() throws Exception {
        journal = new RoomJournal(folder);
        sessions = new SessionFixture(journal.reader());
        reader = new ChannelReader(
                sessions.services, new SessionLimits(20, Duration.ofMinutes(10), Duration.ofSeconds(9)));
    }

    @AfterEach
    void close() {
        journal.close();
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
        journal.say(10, "room", false);
        journal.say(11, "room", false);
        journal.behindNextRead.set(() -> journal.begin(900));

        ChannelReader.Outcome.Read before = ask(RoomJournal.id(10));
        ChannelReader.Outcome.Read across = ask(before.next());
        ChannelReader.Outcome.Read behind = ask(across.next());

        // All that was there is told, and that something is missing behind it when it is gone on from there.
        assertThat(before.events()).hasSize(1);
        assertThat(List.of(before.isRecovered(), across.isRecovered(), behind.isRecovered()))
                .containsExactly(true, false, true);
    }
}
