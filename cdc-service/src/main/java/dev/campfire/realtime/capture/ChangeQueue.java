package dev.campfire.realtime.capture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands changes from the thread that reads the stream to the thread that processes them: bounded in bytes, in order, and
 * coalescing, for the taker gets at once all that has gathered.
 */
final class ChangeQueue {

    private final long capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();

    // Guarded by the lock.
    private List<Change> changes = new ArrayList<>();
    private long bytes;
    private long completeThrough;
    private boolean closed;
    private @Nullable Throwable failure;

    ChangeQueue(long capacity) {
        this.capacity = capacity;
    }

    /**
     * Adds changes, when there is room for them; an empty queue has room for anything.
     *
     * @param size how many bytes they hold
     * @param through see {@link ChangeBatch#completeThrough}
     * @param patience how long to wait for room
     * @return false when there was none; nothing was added then
     * @throws InterruptedException when the queue is closed
     */
    boolean offer(List<Change> added, long size, long through, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (bytes > 0 && bytes + size > capacity && !closed) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = drained.awaitNanos(nanos);
            }
            if (closed) {
                throw new InterruptedException("the source is closed");
            }
            changes.addAll(added);
            bytes += size;
            if (Long.compareUnsigned(through, completeThrough) > 0) {
                completeThrough = through;
            }
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes all there is, waiting for something to come; null when nothing came or the queue is closed. */
    @Nullable
    ChangeBatch take(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (changes.isEmpty() && completeThrough == 0 && !closed && failure == null) {
                if (nanos <= 0) {
                    return null;
                }
                nanos = filled.awaitNanos(nanos);
            }
            if (changes.isEmpty() && completeThrough == 0) {
                return null;
            }
            ChangeBatch batch = new ChangeBatch(changes, completeThrough);
            changes = new ArrayList<>();
            bytes = 0;
            completeThrough = 0;
            drained.signal();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Records why nothing more will come. */
    void fail(Throwable cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing more will come, once everything that came before has been taken. */
    @Nullable
    Throwable failure() {
        lock.lock();
        try {
            return changes.isEmpty() ? failure : null;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes both sides. Idempotent. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
