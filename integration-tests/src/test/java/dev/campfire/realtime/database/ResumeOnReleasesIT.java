package dev.campfire.realtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Whatever the release: what is committed while the service or the walsender is gone arrives, once and in order. */
@Apart
class ResumeOnReleasesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final UUID organization = UUID.randomUUID();
    private final UUID conversation = UUID.randomUUID();

    // The servers are everybody's.
    @ParameterizedTest(autoCloseArguments = false)
    @ArgumentsSource(EveryRelease.class)
    void a_client_resumes_over_kills_of_the_service_and_of_its_walsender(ReleaseServer server) throws Exception {
        String database = "resume_" + UUID.randomUUID().toString().substring(0, 8);
        server.createDatabase(database);
        try (Connection superuser = server.connect(database, "postgres")) {
            DatabaseSetup.shipped().apply(superuser);
        }
        execute(
                server,
                database,
                "INSERT INTO conversations (id, organization_id) VALUES ('" + conversation + "', '" + organization
                        + "')");
        ServiceProcess.Settings settings =
                ServiceProcess.forServer(server.port(), database).with("SLOT_NAME_SUFFIX", database);
        ServiceProcess[] service = {settings.startHealthy()};
        try (ResumingClient client = new ResumingClient(
                () -> service[0].port(), "org:" + organization + ":conv:" + conversation, Tokens.anon())) {
            await().atMost(PATIENCE).until(() -> client.joins() == 1);
            say(server, database, 0, 300);
            await().atMost(PATIENCE).until(() -> client.count() >= 100);
            service[0].kill();
            say(server, database, 300, 350);
            service[0] = settings.startHealthy();
            execute(
                    server,
                    database,
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '" + database
                            + "' AND active");
            say(server, database, 350, 400);

            await().atMost(PATIENCE).until(() -> client.count() >= 400);

            List<String> expected =
                    IntStream.range(0, 400).mapToObj(Integer::toString).toList();
            assertThat(client.received().stream()
                            .map(ResumingClient.Received::content)
                            .toList())
                    .isEqualTo(expected);
            assertThat(client.unrecovered()).isEmpty();
        } finally {
            service[0].terminate(Duration.ofSeconds(10));
            execute(
                    server,
                    "postgres",
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '" + database
                            + "'");
        }
    }

    /** Numbered messages, three to a transaction. */
    private void say(ReleaseServer server, String database, int from, int to) throws SQLException {
        try (Connection connection = server.connect(database, "postgres");
                Statement statement = connection.createStatement()) {
            for (int i = from; i < to; i += 3) {
                statement.execute(
                        "INSERT INTO messages (conversation_id, organization_id, content, sender_type) SELECT '"
                                + conversation + "', '" + organization + "', n, 'customer' FROM generate_series(" + i
                                + ", " + (Math.min(i + 3, to) - 1) + ") n");
            }
        }
    }

    private static void execute(ReleaseServer server, String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
