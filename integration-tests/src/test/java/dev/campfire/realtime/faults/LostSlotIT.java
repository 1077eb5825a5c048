package dev.campfire.realtime.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Follower.Received;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.PostgresServer;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A slot that holds back more WAL than Postgres may keep, and is good for nothing from then on. */
@ExtendWith(SharedBackend.class)
@Apart
class LostSlotIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final PostgresServer server;
    private final Database database;
    private final ServiceProcess.Settings settings;
    private volatile ServiceProcess service;

    LostSlotIT(PostgresProvider provider) {
        server = provider.start(Map.of("max_slot_wal_keep_size", "1MB"));
        database = Database.create(server);
        settings = ServiceProcess.forDatabase(database);
        service = settings.startHealthy();
    }

    @AfterEach
    void close() {
        service.close();
        server.close();
    }

    @Test
    void a_slot_that_postgres_has_lost_is_made_anew_and_that_is_told() {
        Conversation conversation = Conversation.open(database, service);
        try (ResumingClient client = new ResumingClient(
                () -> service.port(),
                conversation.channel(),
                Tokens.authenticated(conversation.agent().toString()))) {
            await().atMost(PATIENCE).until(() -> client.joins() == 1);
            conversation.say("before");
            await().atMost(PATIENCE).until(() -> client.count() == 1);
            service.kill();
            conversation.say("lost");
            loseSlot();

            service = settings.startHealthy();
            await().atMost(PATIENCE).until(() -> client.unrecovered().size() == 1);
            conversation.say("after");
            await().atMost(PATIENCE).until(() -> client.count() == 2);

            assertThat(client.received()).extracting(Received::content).isEqualTo(List.of("before", "after"));
            assertThat(client.unrecovered())
                    .containsExactly(client.received().getFirst().id());
            assertThat(service.details().body()).contains("\"history_lost\":true");
        }
    }

    private void loseSlot() {
        for (int i = 0; i < 4; i++) {
            database.column("SELECT pg_logical_emit_message(true, 'test', 'x')");
            database.column("SELECT pg_switch_wal()");
        }
        await().atMost(PATIENCE).until(() -> {
            database.execute("CHECKPOINT");
            return database.value("SELECT wal_status FROM pg_replication_slots").equals("lost");
        });
    }
}
