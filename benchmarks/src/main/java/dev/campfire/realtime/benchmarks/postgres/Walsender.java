package dev.campfire.realtime.benchmarks.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The process of Postgres that serves one slot. Stopping it is how changes are made to wait in the slot. */
public final class Walsender {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final DatabaseServer server;
    private final long pid;

    Walsender(DatabaseServer server, long pid) {
        this.server = server;
        this.pid = pid;
    }

    /** Suspends it where it is: it reads no WAL and sends nothing until {@link #resume}. */
    public void suspend() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on. Without effect when it was not suspended. */
    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", name, Long.toString(pid)).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new IOException("walsender " + pid + " is gone");
        }
    }

    /** Waits until all others have passed everything that is in the WAL now, so that they are idle. */
    public void awaitOthersIdle() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection = server.connect("postgres")) {
            String end = currentEnd(connection);
            while (busyOthers(connection, end)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("walsenders are still busy after " + PATIENCE);
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    private static String currentEnd(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    private boolean busyOthers(Connection connection, String end) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT 1 FROM pg_stat_replication WHERE pid <> ? AND sent_lsn < ?::pg_lsn")) {
            query.setLong(1, pid);
            query.setString(2, end);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }
}
