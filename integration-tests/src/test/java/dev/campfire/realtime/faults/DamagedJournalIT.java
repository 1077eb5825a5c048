package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Follower.Received;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A journal of which a file is damaged in the middle while the service is down. */
@ExtendWith(SharedBackend.class)
class DamagedJournalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Some blocks of the journal, in one table file. */
    private static final int COPIED = 3000;

    @TempDir
    Path temporary;

    private final Database database;
    private final ServiceProcess.Settings settings;
    private ServiceProcess service;

    DamagedJournalIT(Backend backend) {
        database = Database.create(backend.server());
        settings = ServiceProcess.forDatabase(database);
    }

    @AfterEach
    void close() {
        if (service != null) {
            service.close();
        }
        database.close();
    }

    private ResumingClient client(Conversation conversation, String after) {
        return new ResumingClient(
                () -> service.port(),
                conversation.channel(),
                Tokens.authenticated(conversation.agent().toString()),
                after);
    }

    private static List<String> contents(ResumingClient client) {
        return client.received().stream().map(Received::content).toList();
    }

    private static void awaitLast(ResumingClient client, String content) {
        await().atMost(PATIENCE)
                .until(() -> client.count() > 0 && contents(client).getLast().equals(content));
    }

    @Test
    void who_resumes_from_before_the_damage_is_told_and_who_resumes_from_behind_it_gets_everything() throws Exception {
        Path journal = temporary.resolve("journal");
        service = settings.with("CAMPFIRE_JOURNAL", journal.toString()).startHealthy();
        Conversation conversation = Conversation.open(database, service);
        try (ResumingClient present = client(conversation, null)) {
            await().atMost(PATIENCE).until(() -> present.joins() == 1);
            new MessageCopy(conversation).copy(0, COPIED);
            awaitLast(present, Integer.toString(COPIED - 1));
            // What is in no table file when the service ends is put into one when it starts.
            service.kill();
            service = settings.startHealthy();
            conversation.say("3000");
            awaitLast(present, "3000");
            service.terminate(Duration.ofSeconds(10));
            damage(largestTable(journal));
            conversation.say("3001");

            service = settings.startHealthy();

            List<Received> all = present.received();
            try (ResumingClient before = client(conversation, all.get(10).id())) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !before.unrecovered().isEmpty());
                service.awaitLog("what is newer is whole");
                try (ResumingClient behind =
                        client(conversation, all.get(COPIED - 10).id())) {
                    awaitLast(behind, "3001");
                    conversation.say("3002");
                    awaitLast(before, "3002");
                    awaitLast(behind, "3002");
                    awaitLast(present, "3002");

                    assertThat(contents(behind))
                            .isEqualTo(MessageCopy.contents(3003).subList(COPIED - 9, 3003));
                    assertThat(behind.unrecovered()).isEmpty();
                }
                // It may have got some of what stands in front of the damage before it was found.
                assertThat(before.unrecovered()).hasSize(1);
                assertThat(contents(before).stream().map(Integer::valueOf))
                        .isSorted()
                        .doesNotHaveDuplicates()
                        .allMatch(number -> number > 10);
            }
            assertThat(contents(present)).isEqualTo(MessageCopy.contents(3003));
            assertThat(present.unrecovered()).isEmpty();
            assertThat(service.details().body()).contains("\"damage\":\"damaged files were replaced");
        }
    }

    private static Path largestTable(Path journal) throws IOException {
        try (var files = Files.list(journal)) {
            return files.filter(path -> path.toString().endsWith(".sst"))
                    .max(Comparator.comparing(path -> path.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void damage(Path table) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(new byte[64]);
        }
    }
}
