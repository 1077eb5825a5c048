package dev.campfire.realtime.signals;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs short tasks after a time, on a thread of its own. Safe for use by several threads. */
public final class SignalTimer implements Later, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SignalTimer.class);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("signals").daemon().factory());

    @Override
    public void run(Runnable task, Duration delay) {
        try {
            timer.schedule(() -> runNow(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: nobody is left to be told.
            return;
        }
    }

    private static void runNow(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // Nobody waits for it, who could say so.
            LOG.error("What was to be told of typing or presence after a while could not be", e);
        }
    }

    /** Runs nothing more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
