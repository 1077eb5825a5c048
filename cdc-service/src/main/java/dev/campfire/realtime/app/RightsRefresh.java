package dev.campfire.realtime.app;

import dev.campfire.realtime.access.rows.PolicyVisibility;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Has read again what roles may see, every two seconds: so old may it be when nothing else says that it has changed. */
final class RightsRefresh implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(2);

    private final PolicyVisibility visibility;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rights").daemon().factory());

    RightsRefresh(PolicyVisibility visibility) {
        this.visibility = visibility;
    }

    void start() {
        timer.scheduleWithFixedDelay(visibility::refresh, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
