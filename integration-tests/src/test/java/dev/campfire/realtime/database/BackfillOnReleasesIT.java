package dev.campfire.realtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Launcher;
import dev.campfire.realtime.support.ResumingClient;
import dev.campfire.realtime.support.RowHistory;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.Tokens;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Whatever the release: rows that were there are told once, and what is committed meanwhile wins. */
@Apart
class BackfillOnReleasesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROWS = 3_000;

    private final UUID organization = UUID.randomUUID();
    private final UUID conversation = UUID.randomUUID();
    private final AtomicBoolean isWriting = new AtomicBoolean(true);

    // The servers are everybody's.
    @ParameterizedTest(autoCloseArguments = false)
    @ArgumentsSource(EveryRelease.class)
    void rows_that_are_changed_while_they_are_backfilled_are_told_once_and_end_in_their_newest_state(
            ReleaseServer server) throws Exception {
        String database = "backfill_" + UUID.randomUUID().toString().substring(0, 8);
        server.createDatabase(database);
        prepare(server, database);
        ServiceProcess service = ServiceProcess.forServer(server.port(), database)
                .with("SLOT_NAME_SUFFIX", database)
                .startHealthy();
        try (ResumingClient client =
                new ResumingClient(service::port, "org:" + organization + ":conv:" + conversation, Tokens.anon())) {
            await().atMost(PATIENCE).until(() -> client.joins() == 1);
            Thread writer = Thread.ofVirtual().start(() -> change(server, database));
            String[] command = {"backfill", "--table", "public.messages", "--rate", "1500", "--url", service.url()};
            try (Launcher tool = Launcher.run(command)) {
                assertThat(tool.awaitExit(PATIENCE))
                        .as(String.join("\n", tool.lines()))
                        .isZero();
            }
            isWriting.set(false);
            writer.join(PATIENCE);
            execute(server, database, insert("'last:0'"));
            await().atMost(PATIENCE).until(() -> client.received().stream()
                    .anyMatch(event -> event.content().equals("last:0")));

            RowHistory history = RowHistory.of(client.received(), server.toString());

            Map<String, String> committed = committed(server, database);
            assertThat(history.rows()).isEqualTo(committed);
            assertThat(history.created()).containsAll(committed.keySet());
            assertThat(history.backfilled()).isGreaterThan(ROWS / 2);
            assertThat(client.received())
                    .as("changes of rows that were there")
                    .anyMatch(event -> event.event().equals("message:updated"))
                    .anyMatch(event -> event.event().equals("message:deleted"));
            assertThat(client.unrecovered()).isEmpty();
        } finally {
            isWriting.set(false);
            service.terminate(Duration.ofSeconds(10));
            execute(
                    server,
                    "postgres",
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '" + database
                            + "'");
        }
    }

    private void prepare(ReleaseServer server, String database) throws Exception {
        try (Connection superuser = server.connect(database, "postgres")) {
            DatabaseSetup.shipped().apply(superuser);
        }
        execute(
                server,
                database,
                "INSERT INTO conversations (id, organization_id) VALUES ('" + conversation + "', '" + organization
                        + "')");
        execute(server, database, insert("'row' || n || ':0' FROM generate_series(1, " + ROWS + ") n"));
    }

    private String insert(String content) {
        return "INSERT INTO messages (conversation_id, organization_id, sender_type, content) SELECT '" + conversation
                + "', '" + organization + "', 'customer', " + content;
    }

    /** Updates and deletes rows that the backfill has told of, and such that it has not, until it is enough. */
    private void change(ReleaseServer server, String database) {
        try (Connection connection = server.connect(database, "postgres");
                Statement statement = connection.createStatement()) {
            for (int i = 0; isWriting.get(); i++) {
                statement.execute("UPDATE messages SET content = split_part(content, ':', 1) || ':'"
                        + " || split_part(content, ':', 2)::int + 1 WHERE id IN"
                        + " (SELECT id FROM messages ORDER BY random() LIMIT 3)");
                if (i % 10 == 0) {
                    statement.execute("DELETE FROM messages WHERE id IN"
                            + " (SELECT id FROM messages ORDER BY random() LIMIT 1)");
                    statement.execute(insert("'new" + i + ":0'"));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> committed(ReleaseServer server, String database) throws SQLException {
        Map<String, String> committed = new HashMap<>();
        try (Connection connection = server.connect(database, "postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, content FROM messages")) {
            while (rows.next()) {
                committed.put(rows.getString(1), rows.getString(2));
            }
        }
        return committed;
    }

    private static void execute(ReleaseServer server, String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
