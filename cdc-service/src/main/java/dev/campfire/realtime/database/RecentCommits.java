package dev.campfire.realtime.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Transactions that came through the stream of changes and that a question might not see yet: a commit is written and sent
 * before it can be seen, with synchronous replication long before. A question whose answer rests on what they changed waits
 * for them here. Safe for use by several threads.
 */
public final class RecentCommits {

    /** Says what a statement behind it in the same READ COMMITTED transaction sees at least. */
    public static final String SNAPSHOT = "SELECT pg_catalog.pg_current_snapshot()::pg_catalog.text";

    /** Older ones than these can be seen: they are that many commits ago. */
    private static final int MOST = 1_000;

    /** So that ids of a past that a restored database no longer has do not stop questions for ever. */
    private static final long LONGEST_NANOS = Duration.ofMinutes(2).toNanos();

    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private record Commit(long transaction, long nanos) {}

    private final long patienceNanos;

    // Guarded by this.
    private final Deque<Commit> commits = new ArrayDeque<>();

    private volatile long newest;

    public RecentCommits() {
        this(Duration.ofSeconds(5));
    }

    /** @param patience how long a question waits before it fails */
    RecentCommits(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    /** @param transaction the 32-bit id of one that came just now; 0 for none */
    public void note(long transaction) {
        if (transaction == newest || transaction == 0) {
            return;
        }
        newest = transaction;
        synchronized (this) {
            if (commits.size() == MOST) {
                commits.removeFirst();
            }
            commits.addLast(new Commit(transaction, System.nanoTime()));
        }
    }

    /**
     * Returns when the statements that come next on this connection see all that was noted before. Blocks.
     *
     * @param snapshot what {@link #SNAPSHOT} has just said on this connection
     * @throws SQLTransientException when they do not after some seconds
     */
    public void awaitSeen(Connection connection, String snapshot) throws SQLException {
        List<Commit> unseen = unseen();
        Snapshot seen = Snapshot.parse(snapshot);
        long start = System.nanoTime();
        while (true) {
            Snapshot now = seen;
            unseen.removeIf(one -> now.sees(one.transaction()));
            forget(now);
            if (unseen.isEmpty()) {
                return;
            }
            if (System.nanoTime() - start >= patienceNanos) {
                throw new SQLTransientException(
                        "transaction " + unseen.getFirst().transaction()
                                + " is written but not committed yet; does it wait for a standby?");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new SQLTransientException("interrupted");
            }
            seen = Snapshot.parse(snapshot(connection));
        }
    }

    /** Waits likewise for the questions that come next on any connection; false when they can't be asked or do not see it all. */
    public boolean areSeen(Database database) {
        try {
            return database.ask(connection -> {
                awaitSeen(connection, snapshot(connection));
                return true;
            });
        } catch (SQLException e) {
            return false;
        }
    }

    private static String snapshot(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SNAPSHOT)) {
            row.next();
            return row.getString(1);
        }
    }

    private synchronized List<Commit> unseen() {
        long now = System.nanoTime();
        commits.removeIf(one -> now - one.nanos() >= LONGEST_NANOS);
        return new ArrayList<>(commits);
    }

    private synchronized void forget(Snapshot seen) {
        commits.removeIf(one -> seen.sees(one.transaction()));
    }
}
