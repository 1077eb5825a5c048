package dev.campfire.realtime.signals;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs short tasks after a time, on a thread of its own. Safe for use by several threads. */
public final class SignalTimer implements Later, AutoCloseable {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("signals").daemon().factory());

    @Override
    public void run(Runnable task, Duration delay) {
        try {
            timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: nobody is left to be told.
            return;
        }
    }

    /** Runs nothing more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
