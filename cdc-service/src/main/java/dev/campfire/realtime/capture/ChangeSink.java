package dev.campfire.realtime.capture;

/**
 * Where a {@link ChangeSource} puts what it reads. Called by one thread at a time, in commit order; a call that blocks
 * holds the source back, which is how back-pressure reaches Postgres.
 */
@FunctionalInterface
public interface ChangeSink {

    /** Says where the stream begins that the following batches come from. Called before the first of them. */
    default void begin(StreamStart start) {}

    /**
     * Takes over a batch. What was delivered before and comes again (after a reconnection whole transactions do) is the
     * receiver's to drop, by {@link ChangeId}.
     *
     * @throws InterruptedException when the source is being closed; the batch then counts as not delivered
     */
    void accept(ChangeBatch batch) throws InterruptedException;
}
