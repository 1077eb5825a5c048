package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Follower.Received;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A service with a journal, and a client that follows a conversation through something that goes wrong. */
@ExtendWith(SharedBackend.class)
abstract class OneFault {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path temporary;

    final Database database;
    final ServiceProcess.Settings settings;
    ServiceProcess service;
    ResumingClient client;

    OneFault(Backend backend) {
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

    Conversation start(Path journal) {
        service = settings.with("CAMPFIRE_JOURNAL", journal.toString()).startHealthy();
        Conversation conversation = Conversation.open(database, service);
        client = client(conversation);
        await().atMost(PATIENCE).until(() -> client.joins() == 1);
        return conversation;
    }

    ResumingClient client(Conversation conversation) {
        return new ResumingClient(
                () -> service.port(),
                conversation.channel(),
                Tokens.authenticated(conversation.agent().toString()));
    }

    void awaitCount(int count) {
        await().atMost(PATIENCE).until(() -> client.count() >= count);
    }

    List<String> contents() {
        return client.received().stream().map(Received::content).toList();
    }

    void assertContiguous() {
        List<Received> received = client.received();
        for (int i = 1; i < received.size(); i++) {
            assertThat(received.get(i).sequence()).isEqualTo(received.get(i - 1).sequence() + 1);
        }
    }

    void stop() {
        client.close();
        service.close();
    }

    String confirmed() {
        return database.value(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE database = current_database()");
    }
}
