package dev.campfire.realtime.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The outlets of one loop whose clients are behind. A client that reads, though not as fast as a burst comes, is worth
 * waiting for: publishers are held back for it, up to a time, unless it is one of few among many that keep up. One that has
 * stopped reading is not, nor is one that has been behind for too long: what it can't take piles up until its outlet ends it.
 * Used by the loop alone.
 */
final class Laggards {

    /** Who has fewer bytes before them is not behind. */
    private static final long MARK = 1024 * 1024;

    /**
     * Who has taken nothing for this long has stopped reading. TCP opens a large receive window in large steps: a client
     * that reads 4 MB/s without a pause takes nothing for some hundred milliseconds at a time.
     */
    private static final Duration STALL = Duration.ofSeconds(1);

    /** The longest that everybody waits for one client. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Nobody waits when fewer than one in so many sockets is behind: a burst is too much for them, not for clients. */
    private static final int FEW = 10;

    private final LongSupplier nanoTime;
    private final List<Laggard> behind = new ArrayList<>();

    Laggards(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static final class Laggard {
        private final Outlet outlet;
        private final long since;
        private long taken;
        private long progressAt;
        private boolean isAwaited = true;

        Laggard(Outlet outlet, long now) {
            this.outlet = outlet;
            this.since = now;
            this.taken = outlet.taken();
            this.progressAt = now;
        }

        void look(long now) {
            if (outlet.taken() != taken) {
                taken = outlet.taken();
                progressAt = now;
            }
            isAwaited &= now - progressAt < STALL.toNanos() && now - since < PATIENCE.toNanos();
        }
    }

    /** Looks at an outlet that has just been flushed. */
    void look(Outlet outlet) {
        if (outlet.waiting() > MARK && behind.stream().noneMatch(laggard -> laggard.outlet == outlet)) {
            behind.add(new Laggard(outlet, nanoTime.getAsLong()));
        }
    }

    /**
     * Whether some are behind for whom it is worth waiting.
     *
     * @param sockets how many there are on this loop
     */
    boolean areAwaited(int sockets) {
        if (behind.isEmpty()) {
            return false;
        }
        long now = nanoTime.getAsLong();
        behind.removeIf(laggard -> laggard.outlet.waiting() <= MARK);
        int awaited = 0;
        for (Laggard laggard : behind) {
            laggard.look(now);
            awaited += laggard.isAwaited ? 1 : 0;
        }
        return awaited > 0 && awaited * FEW >= sockets;
    }
}
