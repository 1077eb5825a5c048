package dev.campfire.realtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.campfire.realtime.capture.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DatabaseTest {

    private static EmbeddedPostgres postgres;
    private static Database database;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres", Map.of()), 1);
        database.change(connection -> execute(connection, "CREATE TABLE notes (text text)"));
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private static int notes(String text) throws SQLException {
        return database.ask(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT count(*)::int FROM notes WHERE text = '" + text + "'")) {
                row.next();
                return row.getInt(1);
            }
        });
    }

    @Test
    void keeps_what_a_change_does_and_nothing_of_what_a_question_does() throws SQLException {
        database.change(connection -> execute(connection, "INSERT INTO notes VALUES ('changed')"));
        database.ask(connection -> execute(connection, "INSERT INTO notes VALUES ('asked')"));

        assertThat(notes("changed")).isEqualTo(1);
        assertThat(notes("asked")).isZero();
    }

    @Test
    void a_session_keeps_its_settings_though_its_first_question_is_rolled_back() throws SQLException {
        try (Database fresh = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres", Map.of()),
                1)) {
            fresh.ask(connection -> execute(connection, "SELECT 1"));

            assertThat(fresh.<String>ask(connection -> {
                        try (Statement statement = connection.createStatement();
                                ResultSet row = statement.executeQuery("SELECT concat_ws(' ',"
                                        + " current_setting('statement_timeout'), current_setting('plan_cache_mode'),"
                                        + " current_setting('bytea_output'), current_setting('TimeZone'))")) {
                            row.next();
                            return row.getString(1);
                        }
                    }))
                    .isEqualTo("5s force_generic_plan hex UTC");
        }
    }

    @Test
    void keeps_nothing_of_a_change_that_fails() throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> database.change(connection -> {
                    execute(connection, "INSERT INTO notes VALUES ('half')");
                    return execute(connection, "SELECT 1 / 0");
                }))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22012"));

        assertThat(notes("half")).isZero();
    }

    @Test
    void says_what_has_lost_a_session_and_asks_in_another_one() throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> database.ask(
                        connection -> execute(connection, "SELECT pg_terminate_backend(pg_backend_pid())")))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("57P01"));

        assertThat(notes("none")).isZero();
    }

    /** What was asked a moment ago leaves a connection that the pool takes for good. */
    private static Database withKeptSessionsThatAreLost(int sessions) throws Exception {
        Database kept = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres", Map.of()),
                sessions);
        CyclicBarrier all = new CyclicBarrier(sessions);
        List<CompletableFuture<Integer>> pids = Stream.generate(() -> kept.askLater(connection -> {
                    try {
                        all.await();
                    } catch (InterruptedException | BrokenBarrierException e) {
                        throw new IllegalStateException(e);
                    }
                    return pid(connection);
                }))
                .limit(sessions)
                .toList();
        for (CompletableFuture<Integer> pid : pids) {
            database.ask(connection -> execute(connection, "SELECT pg_terminate_backend(" + pid.join() + ", 10000)"));
        }
        return kept;
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void a_question_and_a_change_do_not_notice_that_kept_sessions_were_lost() throws Exception {
        try (Database kept = withKeptSessionsThatAreLost(3)) {
            assertThat(kept.ask(DatabaseTest::pid)).isPositive();
        }
        try (Database kept = withKeptSessionsThatAreLost(3)) {
            kept.change(connection -> execute(connection, "INSERT INTO notes VALUES ('kept once')"));
        }
        try (Database kept = withKeptSessionsThatAreLost(3)) {
            assertThat(kept.askLater(DatabaseTest::pid).join()).isPositive();
        }

        assertThat(notes("kept once")).isEqualTo(1);
    }

    @Test
    void a_change_whose_session_is_lost_in_its_midst_is_made_once() throws SQLException {
        AtomicInteger times = new AtomicInteger();

        database.change(connection -> {
            execute(connection, "INSERT INTO notes VALUES ('midst')");
            return times.incrementAndGet() == 1 && execute(connection, "SELECT pg_terminate_backend(pg_backend_pid())");
        });

        assertThat(times).hasValue(2);
        assertThat(notes("midst")).isEqualTo(1);
    }

    @Test
    void who_goes_on_from_a_later_answer_may_ask_again_though_there_is_one_connection() throws SQLException {
        int again = database.askLater(connection -> execute(connection, "INSERT INTO notes VALUES ('later')"))
                .thenApply(hasRows -> {
                    try {
                        return notes("later");
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                })
                .join();

        assertThat(again).as("nothing of a question stays").isZero();
    }

    @Test
    void a_later_question_that_fails_says_what_postgres_says() {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> database.askLater(connection -> execute(connection, "SELECT 1 / 0"))
                        .join())
                .withCauseInstanceOf(SQLException.class)
                .withMessageContaining("division by zero");
    }
}
