package dev.campfire.realtime.console;

import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.HubCounts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a sample each second, on a thread of its own. */
final class Sampler implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Ten minutes. */
    private static final int KEPT = 600;

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    private final ChannelHub hub;
    private final IntSupplier connections;
    private final CommitLatency latency;
    private final SlotWatch slot;
    private final WithheldLog withheld;
    private final InstantSource clock;
    private final History history = new History(KEPT);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("samples").daemon().factory());

    /** Touched by the timer's thread alone. */
    private @Nullable HubCounts before;

    Sampler(
            ChannelHub hub,
            IntSupplier connections,
            CommitLatency latency,
            SlotWatch slot,
            WithheldLog withheld,
            InstantSource clock) {
        this.hub = hub;
        this.connections = connections;
        this.latency = latency;
        this.slot = slot;
        this.withheld = withheld;
        this.clock = clock;
    }

    void start() {
        timer.scheduleAtFixedRate(this::tick, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    History history() {
        return history;
    }

    private void tick() {
        try {
            sample();
            slot.tick();
            withheld.tick();
        } catch (RuntimeException e) {
            // A timer whose task fails is silent for ever after.
            LOG.error("A sample for the console could not be taken", e);
        }
    }

    private void sample() {
        HubCounts now = hub.counts();
        HubCounts then = before == null ? now : before;
        before = now;
        history.add(new Sample(
                clock.millis(),
                now.published() - then.published(),
                now.broadcast() - then.broadcast(),
                now.delivered() - then.delivered(),
                connections.getAsInt(),
                now.subscriptions(),
                latency.take().orElse(null),
                slot.lagBytes()));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
