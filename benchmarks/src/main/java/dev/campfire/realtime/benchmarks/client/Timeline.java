package dev.campfire.realtime.benchmarks.client;

import dev.campfire.realtime.benchmarks.measure.Latencies;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * When each of a number of messages was committed and when it was received, on one clock. Written by one thread and
 * received by another.
 */
public final class Timeline implements Receiver {

    private final long[] beforeCommit;
    private final long[] afterCommit;
    private final AtomicLongArray received;
    private final AtomicInteger missing;

    /** @param messages how many there will be; they are numbered from 0 */
    public Timeline(int messages) {
        beforeCommit = new long[messages];
        afterCommit = new long[messages];
        received = new AtomicLongArray(messages);
        missing = new AtomicInteger(messages);
    }

    /** Notes that a message's transaction was committed between these two moments. */
    public void committed(int message, long before, long after) {
        beforeCommit[message] = before;
        afterCommit[message] = after;
    }

    /** Notes a message by the number in it. Its first arrival counts. */
    @Override
    public void received(long at, byte[] buffer, int from, int to) {
        int message = NumberedMessages.find(buffer, from, to);
        if (message >= 0 && message < received.length() && received.compareAndSet(message, 0, at)) {
            missing.decrementAndGet();
        }
    }

    /** @throws IllegalStateException when not all were received in time */
    public void awaitAll(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (missing.get() > 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        missing.get() + " of " + received.length() + " messages did not arrive");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** From the moment at which COMMIT returned to the writer; for its thread, once all were received. */
    public Latencies fromReturn() {
        return latencies(afterCommit);
    }

    /** From the moment at which COMMIT was sent; for the writer's thread, once all were received. */
    public Latencies fromCall() {
        return latencies(beforeCommit);
    }

    private Latencies latencies(long[] from) {
        return new Latencies(IntStream.range(0, from.length)
                .mapToLong(i -> received.get(i) - from[i])
                .toArray());
    }
}
