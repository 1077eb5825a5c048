package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client has missed is read while Postgres is asked whether it may have it. */
final class ReadingAheadTest {

    private static final int SAID = 41;
    private static final String RESUME = "{'config':{'private':true,'resume':{'after':'" + RoomJournal.id(10) + "'}}}";

    @TempDir
    Path folder;

    private RoomJournal journal;
    private SessionFixture sessions;
    private SessionFixture.Client client;

    @BeforeEach
    void open() throws Exception {
        journal = new RoomJournal(folder);
        for (int i = 0; i < SAID; i++) {
            journal.say(10 + i, "room", true);
        }
        sessions = new SessionFixture(journal.reader());
        sessions.authority.gate = new CompletableFuture<>();
        client = sessions.connect(ProtocolVersion.V2);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    /** Broadcasts travel in binary frames, of kind 4. */
    private static boolean isEvent(String message) {
        return message.startsWith("04");
    }

    @Test
    void the_first_page_is_there_when_the_client_is_let_in_and_is_not_read_again() {
        sessions.allow("anon", "room");

        List<String> got = new ArrayList<>(client.join("realtime:room", "1", RESUME));
        assertThat(got).isEmpty();
        assertThat(journal.reads).hasValue(1);
        sessions.authority.gate.complete(null);

        await().untilAsserted(() -> {
            got.addAll(client.take());
            assertThat(got).filteredOn(ReadingAheadTest::isEvent).hasSize(SAID - 1);
        });
        assertThat(got.getFirst()).contains("'recovered':true");
        assertThat(journal.reads)
                .as("the first page once, and the one behind it")
                .hasValue(2);
    }

    @Test
    void who_may_not_come_in_is_told_nothing_of_what_was_read() {
        client.join("realtime:room", "1", RESUME);
        sessions.authority.gate.complete(null);

        assertThat(client.take())
                .singleElement()
                .asString()
                .contains("'status':'error'")
                .startsWith("[");
        assertThat(journal.reads).hasValue(1);
    }

    @Test
    void who_is_let_in_after_something_more_was_said_gets_that_too() {
        sessions.allow("anon", "room");
        client.join("realtime:room", "1", RESUME.replace(RoomJournal.id(10), RoomJournal.id(10 + SAID - 1)));
        journal.say(10 + SAID, "room", true);
        sessions.authority.gate.complete(null);

        List<String> got = new ArrayList<>();
        await().untilAsserted(() -> {
            got.addAll(client.take());
            assertThat(got).filteredOn(ReadingAheadTest::isEvent).hasSize(1);
        });
    }
}
