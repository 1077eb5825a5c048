package dev.campfire.realtime.signals;

import java.time.Duration;

/** Runs tasks after a time. */
@FunctionalInterface
public interface Later {
    void run(Runnable task, Duration delay);
}
