package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.EventsApi;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.Tokens;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What happens to the journal, to the slot and to the tables, one fault at a time. */
class JournalFaultsIT extends OneFault {

    JournalFaultsIT(Backend backend) {
        super(backend);
    }

    @Test
    void a_journal_that_is_removed_while_it_is_written_is_told_and_made_anew() throws Exception {
        Path journal = temporary.resolve("journal");
        Conversation conversation = start(journal);
        conversation.say("before");
        awaitCount(1);

        try (var files = Files.list(journal)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        conversation.say("while nothing was kept");

        await().atMost(PATIENCE).until(() -> client.joins() > 1);
        service.awaitHealthy();
        conversation.say("after");
        await().atMost(PATIENCE).until(() -> contents().getLast().equals("after"));
        String last = client.received().getLast().id();
        service.kill();
        service = settings.startHealthy();
        conversation.say("kept");
        await().atMost(PATIENCE).until(() -> contents().getLast().equals("kept"));
        assertThat(client.unrecovered()).doesNotContain(last);
    }

    @Test
    void transactions_that_stay_open_across_a_restart_come_in_the_order_of_their_commits() throws Exception {
        Conversation conversation = start(temporary.resolve("journal"));
        try (var open = database.connect();
                var statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute(insert(conversation, "begun first"));
            conversation.say("one");
            awaitCount(1);
            service.kill();
            service = settings.startHealthy();
            conversation.say("two");
            awaitCount(2);
            client.cut();
            statement.execute("SAVEPOINT inner_one");
            statement.execute(insert(conversation, "rolled back"));
            statement.execute("ROLLBACK TO inner_one");
            statement.execute(insert(conversation, "committed last"));
            open.commit();
        }

        awaitCount(4);
        assertThat(contents()).containsExactly("one", "two", "begun first", "committed last");
        assertContiguous();
        assertThat(client.unrecovered()).isEmpty();
    }

    private static String insert(Conversation conversation, String content) {
        return "INSERT INTO messages (conversation_id, organization_id, content, sender_type) VALUES ('"
                + conversation.id() + "', '" + conversation.organization() + "', '" + content + "', 'customer')";
    }

    @Test
    void a_slot_that_somebody_drops_is_noticed_told_and_made_anew() {
        Conversation conversation = start(temporary.resolve("journal"));
        conversation.say("before");
        awaitCount(1);
        String last = client.received().getFirst().id();

        database.dropSlots();
        conversation.say("perhaps lost");
        await().atMost(PATIENCE).until(() -> client.joins() > 1);
        await().atMost(PATIENCE).until(() -> !client.unrecovered().isEmpty());
        service.awaitHealthy();
        conversation.say("after");

        await().atMost(PATIENCE).until(() -> contents().getLast().equals("after"));
        assertThat(client.unrecovered().getFirst()).isEqualTo(last);
        assertThat(service.details().body()).contains("\"gaps\":1").contains("\"history_lost\":true");
    }

    /** The service's own clock: Postgres and the clients have theirs. */
    @Test
    void a_clock_that_is_set_back_and_put_right_again_changes_nothing() {
        Optional<Path> library = WrongClock.library();
        assumeTrue(library.isPresent(), "libfaketime is not installed: not tested");
        Conversation conversation = start(temporary.resolve("journal"));
        conversation.say("before");
        awaitCount(1);

        for (String clock : List.of("-2h", "+0")) {
            service.kill();
            conversation.say("while it was down, " + clock);
            WrongClock.set(settings, library.get(), clock);
            service = settings.startHealthy();
            conversation.say("live, " + clock);
        }

        awaitCount(5);
        List<String> expected =
                List.of("before", "while it was down, -2h", "live, -2h", "while it was down, +0", "live, +0");
        assertThat(contents()).isEqualTo(expected);
        assertContiguous();
        assertThat(client.unrecovered()).isEmpty();
        try (EventsApi api = new EventsApi(
                service.port(), Tokens.authenticated(conversation.agent().toString()))) {
            assertThat(api.all(conversation.channel(), null, 100).stream()
                            .map(event -> event.at("/payload/record/content").asText())
                            .filter(content -> !content.isEmpty()))
                    .isEqualTo(expected);
        }
        stop();
    }

    @Test
    void a_slot_that_is_dropped_while_the_service_is_down_is_told_as_well() {
        Conversation conversation = start(temporary.resolve("journal"));
        conversation.say("before");
        awaitCount(1);
        service.terminate(Duration.ofSeconds(10));
        database.dropSlots();
        conversation.say("lost");

        service = settings.startHealthy();
        await().atMost(PATIENCE).until(() -> !client.unrecovered().isEmpty());
        conversation.say("after");

        await().atMost(PATIENCE).until(() -> contents().getLast().equals("after"));
        assertThat(contents()).containsExactly("before", "after");
        assertThat(service.details().body()).contains("\"gaps\":1");
    }

    @Test
    void a_journal_whose_tail_is_damaged_is_cut_and_what_is_gone_is_told_or_comes_again() throws Exception {
        Path journal = temporary.resolve("journal");
        Conversation conversation = start(journal);
        new MessageCopy(conversation).copy(0, 3000);
        awaitCount(3000);
        database.awaitConfirmed(PATIENCE);
        service.kill();
        Path wal;
        try (var files = Files.list(journal)) {
            wal = files.filter(path -> path.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(wal.toFile(), "rw")) {
            file.setLength(file.length() - 50_000);
            file.seek(file.length());
            file.write("nonsense".repeat(100).getBytes(StandardCharsets.US_ASCII));
        }

        service = settings.startHealthy();
        conversation.say("3000");
        await().atMost(PATIENCE).until(() -> contents().getLast().equals("3000"));

        service.awaitLog("damaged tail");
        assertThat(contents()).isEqualTo(MessageCopy.contents(3001));
        try (ResumingClient fresh = client(conversation)) {
            await().atMost(PATIENCE).until(() -> fresh.joins() == 1);
            conversation.say("3001");
            await().atMost(PATIENCE).until(() -> fresh.count() == 1);
        }
    }

    @Test
    void a_journal_that_is_lost_is_told() throws Exception {
        Path journal = temporary.resolve("journal");
        Conversation conversation = start(journal);
        conversation.say("before");
        awaitCount(1);
        service.terminate(Duration.ofSeconds(10));
        Files.move(journal, temporary.resolve("elsewhere"));
        conversation.say("while it was down");

        service = settings.startHealthy();
        await().atMost(PATIENCE).until(() -> !client.unrecovered().isEmpty());
        conversation.say("after");

        await().atMost(PATIENCE).until(() -> contents().getLast().equals("after"));
    }

    @Test
    void tables_that_change_while_clients_are_away_are_told_as_they_were() {
        Conversation conversation = start(temporary.resolve("journal"));
        conversation.say("as it was");
        awaitCount(1);
        service.terminate(Duration.ofSeconds(10));
        conversation.say("still as it was");
        database.execute("ALTER TABLE messages ADD COLUMN mood text DEFAULT 'calm'");
        conversation.say("with another column");
        database.execute("ALTER PUBLICATION supabase_realtime DROP TABLE messages");
        conversation.say("while it was not published");
        database.execute("ALTER PUBLICATION supabase_realtime ADD TABLE messages");
        database.execute("ALTER TABLE messages DROP COLUMN mood");
        conversation.say("without it again");
        database.execute("ALTER TABLE messages RENAME TO letters");
        database.execute("ALTER TABLE letters RENAME TO messages");

        service = settings.startHealthy();
        conversation.say("live");
        await().atMost(PATIENCE).until(() -> contents().getLast().equals("live"));

        assertThat(contents())
                .containsExactly("as it was", "still as it was", "with another column", "without it again", "live");
        assertContiguous();
        assertThat(client.unrecovered()).isEmpty();
        service.kill();
        service = settings.startHealthy();
        conversation.say("again");
        await().atMost(PATIENCE).until(() -> contents().getLast().equals("again"));
    }

    @Test
    void a_row_of_a_megabyte_and_a_transaction_of_200_000_rows_are_resumed() throws Exception {
        Conversation conversation = start(temporary.resolve("journal"));
        String large = UUID.randomUUID() + "ü".repeat(500_000);
        client.cut();
        conversation.say(large);
        awaitCount(1);
        assertThat(contents().getFirst()).isEqualTo(large);

        Thread writing = Thread.ofVirtual().start(() -> {
            try {
                new MessageCopy(conversation).copy(0, 200_000);
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        awaitCount(50_000);
        client.cut();
        awaitCount(150_000);
        service.kill();
        service = settings.startHealthy();
        writing.join();
        awaitCount(200_001);

        assertThat(contents().subList(1, 200_001)).isEqualTo(MessageCopy.contents(200_000));
        assertContiguous();
        assertThat(client.unrecovered()).isEmpty();
    }

    @Test
    void a_second_service_on_the_same_directory_is_refused_in_one_line_and_touches_nothing() throws Exception {
        Path journal = temporary.resolve("journal");
        start(journal);
        // What is there while files are carried over.
        Path carried = Files.createDirectory(temporary.resolve("journal.salvaged"));
        try (ServiceProcess second = ServiceProcess.forDatabase(database)
                .with("CAMPFIRE_JOURNAL", journal.toString())
                .start()) {
            assertThat(second.awaitEnd(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(second.log()).anyMatch(line -> line.contains("is in use by another process"));
        }
        assertThat(carried).exists();
    }
}
