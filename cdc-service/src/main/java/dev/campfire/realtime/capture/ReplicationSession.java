package dev.campfire.realtime.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyDual;
import org.postgresql.util.PSQLState;

/**
 * One replication connection: the streaming replication protocol as Postgres documents it, on pgjdbc's copy protocol.
 *
 * <p>Used by one thread, which both reads and reports; only {@link #abort} may be called by others. Each read waits a
 * short while for the first byte ({@link WaitingInputStream}), so an idle stream costs nothing and a change is read when
 * it arrives. How long something takes is measured by a clock that nobody can set.
 */
final class ReplicationSession implements AutoCloseable {

    /** How often to report on a busy stream, and after how much silence to ask for an answer, to see that the server lives. */
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(5);

    /** Silence of this length, though answers were asked for, means that the connection is dead. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private static final long MICROS_FROM_1970_TO_2000 = 946_684_800_000_000L;
    private static final int DATA_HEADER = 25;

    private final Connection connection;
    private final CopyDual copy;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final int history;
    private long received;
    private long flushed;
    private long lastHeard;
    private long lastAsked;
    private long lastStatus;

    ReplicationSession(Connection connection, CopyDual copy, int history, InstantSource clock, LongSupplier nanoTime) {
        this.connection = connection;
        this.copy = copy;
        this.history = history;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lastHeard = nanoTime.getAsLong();
        this.lastAsked = lastHeard;
        this.lastStatus = lastHeard - STATUS_INTERVAL.toNanos();
    }

    /**
     * Connects and starts to stream from wherever the slot stands.
     *
     * @param wait how long a read waits for the first byte
     * @param clock what the server is told that it is
     * @param nanoTime measures silence
     */
    static ReplicationSession start(
            DatabaseSettings database,
            String slot,
            String publication,
            Duration wait,
            InstantSource clock,
            LongSupplier nanoTime)
            throws SQLException {
        Connection connection = DriverManager.getConnection(database.url(), properties(database, wait));
        try {
            int history = identify(connection);
            settleSession(connection);
            // The start position 0/0 stands for "the slot's confirmed_flush_lsn": the slot alone knows where to resume.
            CopyDual copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyDual("START_REPLICATION SLOT \"" + slot + "\" LOGICAL 0/0 (\"proto_version\" '1',"
                            + " \"publication_names\" '" + quoted(publication) + "', \"messages\" 'true')");
            return new ReplicationSession(connection, copy, history, clock, nanoTime);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Properties properties(DatabaseSettings database, Duration wait) {
        Properties properties = database.properties("campfire-realtime stream");
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        properties.setProperty("socketFactory", WaitingSocketFactory.class.getName());
        properties.setProperty("socketFactoryArg", Long.toString(wait.toMillis()));
        properties.putIfAbsent("sslfactory", WaitingSslFactory.class.getName());
        // Within a message the rest must come; between messages the wait above is the limit.
        properties.setProperty("socketTimeout", "60");
        return properties;
    }

    /**
     * Settles what decides how values are written, whatever the database, the role or this machine's own time zone set: the
     * forms that Supabase has, and that the mapping reads.
     */
    private static void settleSession(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET DateStyle = 'ISO, MDY'");
            statement.execute("SET IntervalStyle = 'postgres'");
            statement.execute("SET bytea_output = 'hex'");
            statement.execute("SET extra_float_digits = 1");
            // While the sink blocks nothing is reported: that is back-pressure, not death.
            statement.execute("SET wal_sender_timeout = '5min'");
        }
    }

    private static String quoted(String identifier) {
        return ("\"" + identifier.replace("\"", "\"\"") + "\"").replace("'", "''");
    }

    /** 24 bits that differ, in all likelihood, for every cluster and for every timeline of one. */
    private static int identify(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            CRC32C hash = new CRC32C();
            hash.update((row.getString("systemid") + "/" + row.getInt("timeline")).getBytes(StandardCharsets.US_ASCII));
            return (int) hash.getValue() & ChangeId.MAX_HISTORY;
        }
    }

    /** See {@link ChangeId#history}. */
    int history() {
        return history;
    }

    /** How far the server has told of its WAL: everything that concerns us before here has been received. */
    long received() {
        return received;
    }

    /**
     * The next message of the output plugin, between position and limit of a buffer of its own; null when none came
     * within the wait, and after a keep-alive.
     */
    @Nullable
    ByteBuffer receive() throws SQLException {
        byte[] message = copy.readFromCopy(false);
        if (message == null) {
            if (!copy.isActive()) {
                throw new SQLException(
                        "The server ended the replication stream.", PSQLState.CONNECTION_FAILURE.getState());
            }
            requireSignsOfLife();
            return null;
        }
        lastHeard = nanoTime.getAsLong();
        ByteBuffer buffer = ByteBuffer.wrap(message);
        byte kind = buffer.get();
        if (kind == 'w') {
            received = Math.max(received, buffer.getLong());
            return buffer.position(DATA_HEADER);
        }
        if (kind != 'k') {
            throw new SQLException("Unexpected replication message " + kind, PSQLState.PROTOCOL_VIOLATION.getState());
        }
        received = Math.max(received, buffer.getLong());
        if (buffer.get(17) != 0) {
            send(false);
        }
        return null;
    }

    private void requireSignsOfLife() throws SQLException {
        if (nanoTime.getAsLong() - lastHeard > LONGEST_SILENCE.toNanos()) {
            throw new SQLException(
                    "The server has been silent for " + LONGEST_SILENCE.toSeconds() + " s.",
                    PSQLState.CONNECTION_FAILURE.getState());
        }
    }

    /**
     * Reports, between reads, how far we are: at once when the stream is idle or something was acknowledged, and every few
     * seconds in any case.
     *
     * <p>On an idle stream the report wakes the server. Since Postgres 16 its walsender first looks how far the WAL is
     * flushed and then goes to sleep until it is told of a flush, and misses one that happens in between: the commit
     * would then stay there until the next commit or the next report.
     *
     * @param flushedNow up to where everything is acknowledged
     */
    void report(long flushedNow, boolean isIdle) throws SQLException {
        boolean advanced = flushedNow > flushed;
        if (advanced) {
            flushed = flushedNow;
        }
        boolean due = nanoTime.getAsLong() - lastStatus >= STATUS_INTERVAL.toNanos();
        if (advanced || isIdle || due) {
            send(answerIsDue());
        }
    }

    /** Whether the server has been silent for so long that it has to be asked for an answer. */
    private boolean answerIsDue() {
        long now = nanoTime.getAsLong();
        return Math.min(now - lastHeard, now - lastAsked) >= STATUS_INTERVAL.toNanos();
    }

    private void send(boolean answerWanted) throws SQLException {
        long now = nanoTime.getAsLong();
        if (answerWanted) {
            lastAsked = now;
        }
        // Never less than what is flushed: acknowledgements of the end of a commit run ahead of the last message's
        // start.
        long written = Math.max(received, flushed);
        byte[] status = ByteBuffer.allocate(34)
                .put((byte) 'r')
                .putLong(written)
                .putLong(flushed)
                .putLong(flushed)
                .putLong(clock.millis() * 1000 - MICROS_FROM_1970_TO_2000)
                .put((byte) (answerWanted ? 1 : 0))
                .array();
        copy.writeToCopy(status, 0, status.length);
        copy.flushCopy();
        lastStatus = now;
    }

    /** Ends the session from any thread: a read in progress fails. */
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It was closed already, which is what was wanted.
        }
    }

    @Override
    public void close() {
        abort();
    }
}
