package dev.campfire.realtime.channel;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was published and one loop has not yet written: a queue that any thread adds to and the loop empties, counted in
 * bytes. It takes everything, so that no message is lost between two threads; who publishes asks {@link #isFull} and
 * holds back.
 */
final class LoopBacklog {

    private final Queue<List<Delivery>> lists = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final long limit;

    LoopBacklog(long limit) {
        this.limit = limit;
    }

    /** Adds deliveries; true when the caller has to schedule a turn of the loop, because none is coming. */
    boolean add(List<Delivery> deliveries) {
        bytes.addAndGet(size(deliveries));
        lists.add(deliveries);
        return isScheduled.compareAndSet(false, true);
    }

    /** The oldest list, null when there is none. */
    @Nullable
    List<Delivery> poll() {
        return lists.poll();
    }

    /** Whether there is something to poll. */
    boolean isWaiting() {
        return !lists.isEmpty();
    }

    /** Gives back the room of deliveries that are written; true when that made room in a backlog that was full. */
    boolean release(long written) {
        long before = bytes.getAndAdd(-written);
        return before > limit && before - written <= limit;
    }

    /** Ends a turn; true when there is more to do and the caller has to schedule another. */
    boolean endTurn() {
        if (!lists.isEmpty()) {
            return true;
        }
        isScheduled.set(false);
        // What was added since the look above counts on the turn that has just ended.
        return !lists.isEmpty() && isScheduled.compareAndSet(false, true);
    }

    boolean isFull() {
        return bytes.get() > limit;
    }

    /** How many bytes wait. */
    long bytes() {
        return bytes.get();
    }

    static long size(List<Delivery> deliveries) {
        long size = 0;
        for (Delivery delivery : deliveries) {
            size += delivery.size();
        }
        return size;
    }
}
