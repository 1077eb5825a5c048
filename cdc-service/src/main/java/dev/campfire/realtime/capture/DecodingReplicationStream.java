package dev.campfire.realtime.capture;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The stream as Debezium's loop drives it: each {@link #readPending} reads what has come, decodes it and hands it to the
 * sink, transaction by transaction, on the same thread: a change that waits for no other thread is a change that arrives
 * sooner. A sink that blocks holds back reading, and so Postgres. Debezium's own message processor is not called: nothing
 * of ours passes through its records.
 *
 * <p>All but {@link #deliverTo}, {@link #acknowledge}, {@link #failure} and {@link #close} belongs to Debezium's
 * coordinator thread.
 */
final class DecodingReplicationStream implements ReplicationStream, PgOutputDecoder.Output {

    private static final int LARGEST_PART = 512;
    private static final long LARGEST_PART_BYTES = 1 << 20;
    private static final int MESSAGES_PER_READ = 1024;

    /** What a change costs beside the bytes of its message, roughly. */
    private static final int CHANGE_OVERHEAD = 200;

    /** How long a read waits for a sink to be given, before it lets Debezium's loop look whether it is to end. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final ReplicationSession session;
    private final PgOutputDecoder decoder;
    private final CompletableFuture<ChangeSink> sink = new CompletableFuture<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final AtomicLong acknowledged = new AtomicLong();

    private final AtomicBoolean closed = new AtomicBoolean();

    private List<Change> part = new ArrayList<>();
    private long partBytes;
    private long handedOver;

    DecodingReplicationStream(ReplicationSession session, PgOutputDecoder decoder) {
        this.session = session;
        this.decoder = decoder;
    }

    /** Says where changes go; nothing is read before. */
    void deliverTo(ChangeSink target) {
        sink.complete(target);
    }

    /** See {@link ChangeId#history}. */
    int history() {
        return session.history();
    }

    /** Why nothing more will come; null when nothing has failed within the time. */
    @Nullable
    Throwable failure(Duration patience) throws InterruptedException {
        return within(failure, patience);
    }

    private static <T> @Nullable T within(CompletableFuture<T> future, Duration patience) throws InterruptedException {
        try {
            return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return null;
        }
    }

    /**
     * Reads until nothing is there or enough was read. Always true: what Debezium would do at false, sleep, the read
     * itself does better.
     */
    @Override
    public boolean readPending(ReplicationMessageProcessor ignored) throws SQLException, InterruptedException {
        if (within(sink, PATIENCE) == null) {
            return true;
        }
        try {
            int messages = 0;
            for (ByteBuffer message = session.receive(); message != null; message = session.receive()) {
                partBytes += message.capacity();
                decoder.decode(message, this);
                if (++messages == MESSAGES_PER_READ) {
                    break;
                }
            }
            handOverIdleProgress();
            session.report(acknowledged.get(), messages < MESSAGES_PER_READ);
            return true;
        } catch (CaptureException e) {
            failure.complete(e);
            throw new SQLException(e.getMessage(), e);
        } catch (SQLException | RuntimeException e) {
            failure.complete(e);
            throw e;
        }
    }

    @Override
    public void change(Change change) throws InterruptedException {
        part.add(change);
        partBytes += CHANGE_OVERHEAD;
        if (part.size() >= LARGEST_PART || partBytes >= LARGEST_PART_BYTES || !decoder.inTransaction()) {
            handOver(0);
        }
    }

    @Override
    public void committed(long endLsn) throws InterruptedException {
        handOver(endLsn);
    }

    private void handOver(long completeThrough) throws InterruptedException {
        ChangeBatch batch = new ChangeBatch(part, completeThrough);
        part = new ArrayList<>();
        partBytes = 0;
        sink.join().accept(batch);
        handedOver = Math.max(handedOver, completeThrough);
    }

    /**
     * When all that was handed over is acknowledged, the sink is told of the WAL behind it that held nothing for us, so that
     * this is acknowledged, too: else the slot would hold on to the WAL of every table that is not published.
     */
    private void handOverIdleProgress() throws InterruptedException {
        long idleThrough = session.received();
        if (!decoder.inTransaction()
                && part.isEmpty()
                && acknowledged.get() >= handedOver
                && idleThrough > handedOver) {
            handOver(idleThrough);
        }
    }

    /** Lets Postgres forget everything up to here, with the next report. Any thread. */
    void acknowledge(long lsn) {
        acknowledged.accumulateAndGet(lsn, Math::max);
    }

    @Override
    public void read(ReplicationMessageProcessor processor) throws SQLException, InterruptedException {
        readPending(processor);
    }

    /** Debezium's offsets play no part. */
    @Override
    public void flushLsn(Lsn lsn) {}

    @Override
    public Lsn lastReceivedLsn() {
        return Lsn.valueOf(session.received());
    }

    @Override
    public Lsn startLsn() {
        return Lsn.valueOf(0L);
    }

    /** Reports go out between reads. */
    @Override
    public void startKeepAlive(ExecutorService executor) {
        executor.shutdown();
    }

    @Override
    public void stopKeepAlive() {}

    /** Sends the last acknowledgement, where the connection still allows it, and ends the session. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            session.report(acknowledged.get(), true);
        } catch (SQLException e) {
            // The connection is gone already: what was not acknowledged comes again.
        } finally {
            session.close();
        }
    }
}
