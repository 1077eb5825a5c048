package dev.campfire.realtime.faults;

import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes numbered messages into a conversation in transactions of all sizes, some of which are rolled back, as a whole or in
 * part; what fails is tried again, whether it was committed or not. On a thread of its own.
 */
final class NumberedWriter implements AutoCloseable {

    /** What the next transaction may be asked to be. */
    enum Special {
        NONE,
        /** Thousands of rows; {@code -Dfaults.large} says how many. */
        LARGE_TRANSACTION,
        /** One row of more than a megabyte. */
        LARGE_ROW
    }

    private static final int LARGE = Integer.getInteger("faults.large", 5_000);

    private final Database database;
    private final Conversation conversation;
    private final Random random;
    private final AtomicBoolean isWriting = new AtomicBoolean(true);
    private final AtomicReference<Special> special = new AtomicReference<>(Special.NONE);
    private final ReentrantLock gate = new ReentrantLock();
    private final Thread thread;
    private volatile int next;

    NumberedWriter(Database database, Conversation conversation, Random random) {
        this.database = database;
        this.conversation = conversation;
        this.random = random;
        this.thread = Thread.ofVirtual().start(this::run);
    }

    /** How many are committed for certain. */
    int committed() {
        return next;
    }

    /** Returns when nothing is being written; nothing is until {@link #resume}. By the same thread. */
    void pause() {
        gate.lock();
    }

    void resume() {
        gate.unlock();
    }

    void next(Special kind) {
        special.set(kind);
    }

    private void run() {
        while (isWriting.get()) {
            gate.lock();
            try {
                writeOne(special.getAndSet(Special.NONE));
            } finally {
                gate.unlock();
            }
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(20)).toNanos());
        }
    }

    private void writeOne(Special kind) {
        int count =
                switch (kind) {
                    case NONE -> random.nextInt(10) == 0 ? random.nextInt(400) : 1 + random.nextInt(5);
                    case LARGE_TRANSACTION -> LARGE;
                    case LARGE_ROW -> 1;
                };
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (random.nextInt(4) == 0) {
                Savepoint before = connection.setSavepoint();
                insert(statement, next + 3, 7, "'rolled back'");
                connection.rollback(before);
            }
            insert(statement, next, count, kind == Special.LARGE_ROW ? "repeat('ü', 600000)" : "NULL");
            if (kind == Special.NONE && random.nextInt(5) == 0) {
                connection.rollback();
            } else {
                connection.commit();
                next += count;
            }
        } catch (SQLException e) {
            next = count(next);
        }
    }

    private void insert(Statement statement, int first, int count, String sender) throws SQLException {
        statement.execute(
                "INSERT INTO messages (conversation_id, organization_id, content, sender_type, sender_name) SELECT '"
                        + conversation.id() + "', '" + conversation.organization() + "', n, 'customer', " + sender
                        + " FROM generate_series(" + first + ", " + (first + count - 1) + ") n");
    }

    /** How many there are, as soon as Postgres can say; the given number while nobody wants to know any more. */
    private int count(int otherwise) {
        while (isWriting.get()) {
            try {
                return Integer.parseInt(
                        database.value("SELECT count(*) FROM messages WHERE conversation_id = ?", conversation.id()));
            } catch (IllegalStateException e) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
        return otherwise;
    }

    /** Ends with the transaction that is being written. */
    @Override
    public void close() {
        isWriting.set(false);
        try {
            thread.join(Duration.ofMinutes(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
