package dev.campfire.realtime.capture;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The stream as Debezium's loop drives it: each {@link #readPending} reads what has come, decodes it and puts it into the
 * queue, transaction by transaction. Debezium's own message processor is not called: nothing of ours passes through its
 * records.
 *
 * <p>All but {@link #acknowledge} and {@link #close} belongs to Debezium's coordinator thread.
 */
final class DecodingReplicationStream implements ReplicationStream, PgOutputDecoder.Output {

    private static final int LARGEST_PART = 512;
    private static final long LARGEST_PART_BYTES = 1 << 20;
    private static final int MESSAGES_PER_READ = 1024;

    /** What a change costs beside the bytes of its message, roughly. */
    private static final int CHANGE_OVERHEAD = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReplicationSession session;
    private final PgOutputDecoder decoder;
    private final ChangeQueue queue;
    private final AtomicLong acknowledged = new AtomicLong();

    private final AtomicBoolean closed = new AtomicBoolean();

    private List<Change> part = new ArrayList<>();
    private long partBytes;
    private long handedOver;

    DecodingReplicationStream(ReplicationSession session, PgOutputDecoder decoder, ChangeQueue queue) {
        this.session = session;
        this.decoder = decoder;
        this.queue = queue;
    }

    /**
     * Reads until nothing is there or enough was read. Always true: what Debezium would do at false, sleep, the read
     * itself does better.
     */
    @Override
    public boolean readPending(ReplicationMessageProcessor ignored) throws SQLException, InterruptedException {
        try {
            int messages = 0;
            for (ByteBuffer message = session.receive(); message != null; message = session.receive()) {
                partBytes += message.capacity();
                decoder.decode(message, this);
                if (++messages == MESSAGES_PER_READ) {
                    break;
                }
            }
            acknowledgeIdleProgress();
            session.report(acknowledged.get(), messages < MESSAGES_PER_READ);
            return true;
        } catch (CaptureException e) {
            queue.fail(e);
            throw new SQLException(e.getMessage(), e);
        } catch (SQLException | RuntimeException e) {
            queue.fail(e);
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

    /** Waits for room as long as it takes, and tells the server meanwhile that we are alive. */
    private void handOver(long completeThrough) throws InterruptedException {
        while (!queue.offer(part, partBytes, completeThrough, PATIENCE)) {
            try {
                session.report(acknowledged.get(), false);
            } catch (SQLException e) {
                // The connection is gone; the next read says so, and what was read before is still good.
                Thread.yield();
            }
        }
        part = new ArrayList<>();
        partBytes = 0;
        handedOver = Math.max(handedOver, completeThrough);
    }

    /**
     * When all that was handed over is acknowledged, so is the WAL behind it that held nothing for us: else the slot
     * would hold on to the WAL of every table that is not published.
     */
    private void acknowledgeIdleProgress() {
        long idleThrough = session.received();
        if (!decoder.inTransaction()
                && part.isEmpty()
                && acknowledged.get() >= handedOver
                && idleThrough > handedOver) {
            acknowledge(idleThrough);
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
