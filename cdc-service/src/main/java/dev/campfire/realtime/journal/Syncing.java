package dev.campfire.realtime.journal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes durable what was appended, some times a second at most, and acknowledges it then: on a thread of its own. */
final class Syncing {

    private static final Logger LOG = LoggerFactory.getLogger(Syncing.class);

    /** With less than this on the disk it is not worth trying. */
    static final long LEAST_SPACE = 4L << 20;

    /** How long appended changes may wait, so that many of them cost one write to the disk. */
    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** How often it is looked whether a disk that failed is well again. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final BooleanSupplier write;
    private final LongConsumer acknowledge;
    private final Thread thread =
            Thread.ofPlatform().name("journal-sync").daemon().unstarted(this::run);
    private final ReentrantLock lock = new ReentrantLock();

    /** Who waits for work, and who rests between two writes: each request would wake them for nothing. */
    private final Condition changed = lock.newCondition();

    private final Condition ending = lock.newCondition();

    // Guarded by the lock.
    private long wanted;
    private long done;
    private boolean isAwake;
    private boolean isEnding;

    /** Only one thread at a time writes and acknowledges. */
    private final ReentrantLock turn = new ReentrantLock();

    /**
     * @param write makes everything durable that has been appended; false when it could not
     * @param acknowledge told what is durable then
     */
    Syncing(BooleanSupplier write, LongConsumer acknowledge) {
        this.write = write;
        this.acknowledge = acknowledge;
    }

    void start() {
        thread.start();
    }

    /** Everything before here has been appended. */
    void request(long lsn) {
        lock.lock();
        try {
            wanted = lsn;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Something has failed and has to be looked after. */
    void wake() {
        lock.lock();
        try {
            isAwake = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                if (!syncOnce()) {
                    pause(RETRY);
                    wake();
                } else {
                    pause(INTERVAL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The journal is not synced any more", e);
        }
    }

    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!isEnding && !isAwake && wanted == done) {
                changed.await();
            }
            isAwake = false;
            return !isEnding;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        lock.lock();
        try {
            long nanos = duration.toNanos();
            while (!isEnding && nanos > 0) {
                nanos = ending.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean syncOnce() {
        turn.lock();
        try {
            long upTo = wanted();
            if (!write.getAsBoolean()) {
                return false;
            }
            lock.lock();
            try {
                done = upTo;
            } finally {
                lock.unlock();
            }
            if (upTo != 0) {
                acknowledge.accept(upTo);
            }
            return true;
        } finally {
            turn.unlock();
        }
    }

    private long wanted() {
        lock.lock();
        try {
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    /** Does it now, on this thread. */
    void now() {
        syncOnce();
    }

    /** Does it once more, and ends. */
    void close(Duration patience) {
        syncOnce();
        lock.lock();
        try {
            isEnding = true;
            changed.signalAll();
            ending.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(patience)) {
                thread.interrupt();
                thread.join(TimeUnit.SECONDS.toMillis(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
