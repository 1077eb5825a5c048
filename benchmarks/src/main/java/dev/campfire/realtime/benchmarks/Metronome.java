package dev.campfire.realtime.benchmarks;

import java.util.concurrent.locks.LockSupport;

/** Steady beats for one thread. A late beat does not move the later ones, so the rate holds on the whole. */
final class Metronome {

    /** How far behind the last beat may be in a run that counts as steady. */
    private static final long TOLERANCE_NANOS = 50_000_000;

    private final long interval;
    private long next;
    private long behind;

    /** @param interval between two beats, in nanoseconds */
    Metronome(long interval) {
        this.interval = interval;
        this.next = System.nanoTime();
    }

    /** Returns at the next beat, or at once when that has passed. */
    void await() {
        next += interval;
        long left = next - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = next - System.nanoTime();
        }
        behind = -left;
    }

    /** Whether the last beat came in time: when not, the thread could not keep up. */
    boolean kept() {
        return behind < TOLERANCE_NANOS;
    }
}
