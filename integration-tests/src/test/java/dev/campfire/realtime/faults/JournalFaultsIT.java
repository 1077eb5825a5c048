package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ResumingClient.Received;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the journal, to the slot and to the tables, one fault at a time. */
@ExtendWith(SharedBackend.class)
class JournalFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path temporary;

    private final Database database;
    private final ServiceProcess.Settings settings;
    private ServiceProcess service;
    private ResumingClient client;

    JournalFaultsIT(Backend backend) {
        database = Database.create(backend.server());
        settings = ServiceProcess.forDatabase(database);
    }

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
        if (service != null) {
            service.close();
        }
        database.close();
    }

    private Conversation start(Path journal) {
        service = settings.with("CAMPFIRE_JOURNAL", journal.toString()).startHealthy();
        Conversation conversation = Conversation.open(database, service);
        client = client(conversation);
        await().atMost(PATIENCE).until(() -> client.joins() == 1);
        return conversation;
    }

    private ResumingClient client(Conversation conversation) {
        return new ResumingClient(
                () -> service.port(),
                conversation.channel(),
                Tokens.authenticated(conversation.agent().toString()));
    }

    private void awaitCount(int count) {
        await().atMost(PATIENCE).until(() -> client.count() >= count);
    }

    private List<String> contents() {
        return client.received().stream().map(Received::content).toList();
    }

    private void assertContiguous() {
        List<Received> received = client.received();
        for (int i = 1; i < received.size(); i++) {
            assertThat(received.get(i).sequence()).isEqualTo(received.get(i - 1).sequence() + 1);
        }
    }

    @Test
    void a_full_disk_stops_acknowledging_but_not_delivery_and_heals_by_itself() throws Exception {
        assumeTrue(mount(temporary.resolve("small")), "no small file system could be mounted: not tested");
        try {
            Path small = temporary.resolve("small");
            Conversation conversation = start(small.resolve("journal"));
            MessageCopy messages = new MessageCopy(conversation);
            messages.copy(0, 1000);
            awaitCount(1000);
            Path ballast = small.resolve("ballast");
            fill(ballast);

            messages.copy(1000, 20_000);
            awaitCount(20_000);

            assertThat(service.awaitUnhealthy().body()).contains("the journal can't be written");
            String confirmed = confirmed();
            conversation.say("20000");
            awaitCount(20_001);
            assertThat(confirmed()).isEqualTo(confirmed);
            Files.delete(ballast);
            service.awaitHealthy();
            await().atMost(PATIENCE).until(() -> !confirmed().equals(confirmed));
            assertThat(contents()).isEqualTo(MessageCopy.contents(20_001));
            assertThat(client.joins()).isEqualTo(1);
            assertContiguous();
            service.kill();
            service = settings.startHealthy();
            ResumingClient late = client;
            conversation.say("20001");
            awaitCount(20_002);
            assertThat(late.unrecovered()).isEmpty();
            assertThat(contents()).isEqualTo(MessageCopy.contents(20_002));
            assertContiguous();
        } finally {
            client.close();
            service.close();
            run("umount", temporary.resolve("small").toString());
        }
    }

    private String confirmed() {
        return database.value(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE database = current_database()");
    }

    private static boolean mount(Path folder) throws Exception {
        Files.createDirectories(folder);
        boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.toString());
        if (!isMounted) {
            System.out.println("NOT TESTED: a full disk, for mount needs to be allowed");
        }
        return isMounted;
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    private static void fill(Path ballast) throws IOException {
        byte[] zeros = new byte[1 << 16];
        try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
            for (int length = zeros.length; length > 0; ) {
                try {
                    file.write(zeros, 0, length);
                } catch (IOException e) {
                    length /= 2;
                }
            }
        }
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
    void a_second_service_on_the_same_directory_is_refused_in_one_line() {
        Path journal = temporary.resolve("journal");
        start(journal);
        try (ServiceProcess second = ServiceProcess.forDatabase(database)
                .with("CAMPFIRE_JOURNAL", journal.toString())
                .start()) {
            assertThat(second.awaitEnd(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(second.log()).anyMatch(line -> line.contains("is in use by another process"));
        }
    }
}
