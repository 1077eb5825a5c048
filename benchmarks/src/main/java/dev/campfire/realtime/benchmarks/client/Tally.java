package dev.campfire.realtime.benchmarks.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts what is expected to arrive, and keeps the moment at which the last of it did. */
public final class Tally {

    private final AtomicReference<@Nullable Expectation> current = new AtomicReference<>();

    /** So many arrivals, from now on. Set by one thread, counted down by another. */
    public static final class Expectation {

        private final CountDownLatch complete = new CountDownLatch(1);
        private long missing;
        private volatile long completedAt;

        private Expectation(long count) {
            this.missing = count;
        }

        /** Waits for the last arrival, and returns whether it came in time. */
        public boolean await(Duration patience) throws InterruptedException {
            return complete.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** The moment of the last arrival, once it has come. */
        public long completedAt() {
            return completedAt;
        }
    }

    /** Begins to count anew. To be called while nothing is on its way. */
    public Expectation expect(long count) {
        Expectation expectation = new Expectation(count);
        current.set(expectation);
        return expectation;
    }

    /** Notes arrivals; for the one thread that receives. What nobody expects is not counted. */
    public void arrived(long at, long count) {
        Expectation expectation = current.get();
        if (expectation == null || expectation.complete.getCount() == 0) {
            return;
        }
        expectation.missing -= count;
        if (expectation.missing <= 0) {
            expectation.completedAt = at;
            expectation.complete.countDown();
        }
    }
}
