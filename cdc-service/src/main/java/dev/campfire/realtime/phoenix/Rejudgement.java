package dev.campfire.realtime.phoenix;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Has joins judged again, a few at a time, so that everybody who is joined costs the database no more than a few
 * connections. Those who are likely to be concerned come first. Safe for use by several threads.
 */
final class Rejudgement {

    private static final int AT_ONCE = 4;

    // Guarded by this.
    private final Deque<Judged> suspects = new ArrayDeque<>();
    private final Deque<Judged> others = new ArrayDeque<>();
    private int asking;

    /** A join that is to be judged again. */
    interface Judged {

        /**
         * Asks, on any thread.
         *
         * @param done run exactly once, when the answer is there or nobody waits for it any more
         */
        void judge(Runnable done);
    }

    void add(Judged judged, boolean isSuspect) {
        synchronized (this) {
            (isSuspect ? suspects : others).add(judged);
        }
        pump();
    }

    private void pump() {
        for (Judged next = next(); next != null; next = next()) {
            next.judge(() -> {
                synchronized (this) {
                    asking--;
                }
                pump();
            });
        }
    }

    private synchronized @Nullable Judged next() {
        if (asking >= AT_ONCE) {
            return null;
        }
        Judged next = suspects.isEmpty() ? others.poll() : suspects.poll();
        asking += next == null ? 0 : 1;
        return next;
    }
}
