package dev.campfire.realtime.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.campfire.realtime.capture.DatabaseSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A bounded pool of connections for questions. Safe for use by several threads.
 *
 * <p>Nothing is connected before the first question, and a database that can't be reached makes questions fail, not the
 * constructor. The sessions read and print values as the replication stream does: UTC, ISO dates, hexadecimal bytea,
 * shortest floats.
 *
 * <p>A question or a change whose session goes away before it was answered is asked once more, in a new session: one that
 * was kept from before a restart of the server fails with the first thing that is asked in it. A commit is not repeated.
 */
public final class Database implements AutoCloseable {

    /** How long a question waits for a connection before it fails. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The spelling of values must be the one of the replication session, see {@code ReplicationSession}. */
    private static final String SESSION = """
            SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
            SET bytea_output = 'hex'; SET extra_float_digits = 1; SET plan_cache_mode = 'force_generic_plan';
            SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '15s'""";

    private final HikariDataSource pool;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("question").factory());

    /**
     * @param connections how many connections there are at most
     */
    public Database(DatabaseSettings settings, int connections) {
        // From no configuration of its own, which would be copied by reflection.
        this.pool = new HikariDataSource();
        pool.setPoolName("questions");
        pool.setJdbcUrl(settings.url());
        pool.setDataSourceProperties(settings.properties("campfire-realtime"));
        pool.setMaximumPoolSize(connections);
        pool.setMinimumIdle(0);
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(PATIENCE.toMillis());
        pool.setConnectionInitSql(SESSION);
        // In a transaction of their own: the first question is rolled back, and they would be with it.
        pool.setIsolateInternalQueries(true);
        pool.setAutoCommit(false);
        // Each statement sees what is committed, whatever the database's default is.
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    }

    /**
     * Asks on this thread, and blocks.
     *
     * @throws SQLException what Postgres says; {@link java.sql.SQLTransientConnectionException} when no connection came
     *     free in time
     */
    public <T> T ask(Question<T> question) throws SQLException {
        return transaction(question, (connection, answer) -> connection.rollback());
    }

    /**
     * Does something that stays, on this thread, and blocks.
     *
     * @throws SQLException as {@link #ask} does; nothing of it stays then
     */
    public <T> T change(Question<T> change) throws SQLException {
        return transaction(change, (connection, result) -> connection.commit());
    }

    private <T> T transaction(Question<T> question, Ending<T> ending) throws SQLException {
        try {
            return transactionOnce(question, ending);
        } catch (LostSessionException e) {
            // As a rule the server was restarted or cut off since the last question, which shows in no other way.
            pool.getHikariPoolMXBean().softEvictConnections();
        }
        try {
            return transactionOnce(question, ending);
        } catch (LostSessionException e) {
            throw e.reason;
        }
    }

    private <T> T transactionOnce(Question<T> question, Ending<T> ending) throws SQLException, LostSessionException {
        try (Connection connection = pool.getConnection()) {
            T answer = asked(question, connection);
            ending.end(connection, answer);
            return answer;
        }
    }

    /** Of a session that is lost, what lost it is said, and not that nothing can be rolled back in it. */
    private static <T> T asked(Question<T> question, Connection connection) throws SQLException, LostSessionException {
        try {
            return question.ask(connection);
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            if (e instanceof SQLException reason && isSessionLost(reason)) {
                throw new LostSessionException(reason);
            }
            throw e;
        }
    }

    private static boolean isSessionLost(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }

    /**
     * Asks on a virtual thread. The stage fails with the {@link SQLException} within a {@link CompletionException}; it
     * completes when the answer is there, which may be before the transaction has ended.
     */
    public <T> CompletableFuture<T> askLater(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> answer(question, answer));
        return answer;
    }

    private <T> void answer(Question<T> question, CompletableFuture<T> answer) {
        try {
            transaction(question, (connection, given) -> {
                // By another thread, for who goes on from here may ask again, and this one still holds a connection.
                answer.completeAsync(() -> given, threads);
                connection.rollback();
            });
        } catch (SQLException | RuntimeException e) {
            answer.completeExceptionally(new CompletionException(e));
        }
    }

    /** Does something that stays, on a virtual thread. The stage fails as that of {@link #askLater} does. */
    public <T> CompletableFuture<T> changeLater(Question<T> change) {
        return later(() -> change(change));
    }

    /** Does something on a virtual thread that may ask. The stage fails as that of {@link #askLater} does. */
    public <T> CompletableFuture<T> later(Work<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.run();
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    /** Something that asks one question or several. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** What a transaction ends with, when the question in it was answered. */
    @FunctionalInterface
    private interface Ending<T> {
        void end(Connection connection, T answer) throws SQLException;
    }

    /** A question's session went away before it was answered, so nothing of it stays. */
    private static final class LostSessionException extends Exception {

        private static final long serialVersionUID = 1;

        private final SQLException reason;

        LostSessionException(SQLException reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /** Ends the connections; questions that are being asked fail. */
    @Override
    public void close() {
        threads.shutdownNow();
        pool.close();
    }
}
