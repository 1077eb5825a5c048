package dev.campfire.realtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.capture.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A transaction that is not over stands for one whose commit is written and can't be seen yet. */
final class RecentCommitsTest {

    private static EmbeddedPostgres postgres;
    private static Database database;

    private final RecentCommits commits = new RecentCommits();

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "postgres", "trusted", Map.of()), 2);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private static long transaction(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_xact_id()::text::int8")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Connection begin() throws SQLException {
        Connection connection = postgres.getPostgresDatabase().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void nothing_is_waited_for_when_nothing_came() {
        assertThat(commits.areSeen(database)).isTrue();
    }

    @Test
    void what_is_over_is_seen() throws Exception {
        try (Connection connection = begin()) {
            commits.note(transaction(connection));
            connection.commit();
            assertThat(commits.areSeen(database)).isTrue();
        }
    }

    @Test
    void what_is_not_over_is_waited_for_until_it_is() throws Exception {
        try (Connection older = begin();
                Connection newer = begin()) {
            commits.note(transaction(older));
            commits.note(transaction(newer));
            newer.commit();

            CompletableFuture<Boolean> seen = CompletableFuture.supplyAsync(() -> commits.areSeen(database));
            assertThat(seen).isNotDone();
            older.commit();

            assertThat(seen.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void it_is_waited_for_some_seconds_only() throws Exception {
        try (Connection connection = begin()) {
            long transaction = transaction(connection);
            RecentCommits commits = new RecentCommits(Duration.ofMillis(10));
            commits.note(transaction);

            assertThatThrownBy(() -> database.ask(asking -> {
                        commits.awaitSeen(asking, "3:3:");
                        return true;
                    }))
                    .isInstanceOf(SQLTransientException.class)
                    .hasMessageContaining("transaction " + transaction + " is written but not committed yet");
            assertThat(commits.areSeen(database)).isFalse();
            connection.rollback();
            assertThat(commits.areSeen(database)).isTrue();
        }
    }
}
