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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transactions that are prepared and stay so for a while: they count when, and if, they are committed. */
@ExtendWith(SharedBackend.class)
@Apart
class TwoPhaseCommitIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final PostgresServer server;
    private final Database database;
    private final ServiceProcess.Settings settings;
    private final Conversation conversation;
    private final ResumingClient client;
    private volatile ServiceProcess service;

    TwoPhaseCommitIT(PostgresProvider provider) {
        server = provider.start(Map.of("max_prepared_transactions", "10"));
        database = Database.create(server);
        settings = ServiceProcess.forDatabase(database);
        service = settings.startHealthy();
        conversation = Conversation.open(database, service);
        client = new ResumingClient(
                () -> service.port(),
                conversation.channel(),
                Tokens.authenticated(conversation.agent().toString()));
        await().atMost(PATIENCE).until(() -> client.joins() == 1);
    }

    @AfterEach
    void close() {
        client.close();
        service.close();
        server.close();
    }

    /** Leaves a transaction prepared that says two things, and one that it takes back. */
    private void prepare(String name, String first, String second) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(insert(first));
            statement.execute("SAVEPOINT inner_one");
            statement.execute(insert("taken back"));
            statement.execute("ROLLBACK TO inner_one");
            statement.execute(insert(second));
            statement.execute("PREPARE TRANSACTION '" + name + "'");
        }
    }

    private String insert(String content) {
        return "INSERT INTO messages (conversation_id, organization_id, content, sender_type) VALUES ('"
                + conversation.id() + "', '" + conversation.organization() + "', '" + content + "', 'customer')";
    }

    private void awaitCount(int count) {
        await().atMost(PATIENCE).until(() -> client.count() >= count);
    }

    private List<String> contents() {
        return client.received().stream().map(Received::content).toList();
    }

    @Test
    void what_is_prepared_comes_where_it_is_committed_whatever_is_killed_in_between() throws Exception {
        prepare("one", "a", "b");
        prepare("two", "c", "d");
        prepare("never", "e", "f");
        conversation.say("before");
        awaitCount(1);
        service.kill();
        database.execute("COMMIT PREPARED 'two'");
        service = settings.startHealthy();
        awaitCount(3);
        server.kill();
        server.start();
        service.awaitHealthy();
        database.execute("ROLLBACK PREPARED 'never'");
        conversation.say("between");
        database.execute("COMMIT PREPARED 'one'");
        conversation.say("after");
        awaitCount(7);

        assertThat(contents()).containsExactly("before", "c", "d", "between", "a", "b", "after");
        assertThat(client.unrecovered()).isEmpty();
        List<Received> received = client.received();
        for (int i = 1; i < received.size(); i++) {
            assertThat(received.get(i).sequence()).isEqualTo(received.get(i - 1).sequence() + 1);
            assertThat(received.get(i).id()).isGreaterThan(received.get(i - 1).id());
        }
    }
}
