package dev.campfire.realtime.replay;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds events back so that they are played with the distances in which they were committed, or a part of them. What is
 * late is not held back, and what was committed before the event before it, by a clock that was set back, is not either.
 * For one thread.
 */
public final class Pacer {

    /** For longer than that nobody is left without a word. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Speed speed;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private @Nullable Instant first;
    private long started;

    /** @param nanoTime a clock that is never set */
    public Pacer(Speed speed, LongSupplier nanoTime, Pause pause) {
        this.speed = speed;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /** What is done now and then while it waits. */
    @FunctionalInterface
    public interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    /** Whether it is an event's turn already. */
    public boolean isDue(Instant committed) {
        return left(committed) <= 0;
    }

    /** Returns when it is an event's turn. */
    public void await(Instant committed, Meanwhile meanwhile) throws IOException, InterruptedException {
        for (long left = left(committed); left > 0; left = left(committed)) {
            pause.pause(left < LONGEST_WAIT.toNanos() ? Duration.ofNanos(left) : LONGEST_WAIT);
            if (left > LONGEST_WAIT.toNanos()) {
                meanwhile.run();
            }
        }
    }

    /** How many nanoseconds are left until its turn. The first one is played at once. */
    private long left(Instant committed) {
        if (speed.isMax()) {
            return 0;
        }
        if (first == null) {
            first = committed;
            started = nanoTime.getAsLong();
        }
        double distance = Duration.between(first, committed).toNanos() / speed.factor();
        return started + (long) Math.min(distance, Long.MAX_VALUE / 4.0) - nanoTime.getAsLong();
    }
}
