package dev.campfire.realtime.capture;

import java.util.function.IntConsumer;

/**
 * The seam to Postgres: one reading of one replication slot, from start to end. A source is used once; after its end
 * the supervisor builds another.
 */
interface ChangeSource extends AutoCloseable {

    /**
     * Streams into the sink until the source is closed or fails. Postgres decides where reading begins: at the slot's
     * {@code confirmed_flush_lsn}, with whole transactions.
     *
     * @param streaming told the stream's history, once, when it is established and before the first batch
     * @throws CaptureException when streaming can't begin or ends other than by {@link #close}
     * @throws InterruptedException when the calling thread is interrupted
     */
    void run(ChangeSink sink, IntConsumer streaming) throws CaptureException, InterruptedException;

    /**
     * Tells Postgres that everything up to here is durable and never wanted again. Any thread; never blocks for long;
     * without effect when the source has ended or has acknowledged more already.
     *
     * @param lsn a {@link ChangeBatch#completeThrough} that this source delivered
     */
    void acknowledge(long lsn);

    /** Ends {@link #run}. Idempotent; any thread. */
    @Override
    void close();
}
