package dev.campfire.realtime.channel;

import dev.campfire.realtime.limits.RateMeter;
import java.util.concurrent.atomic.LongAdder;

/** What the hub counts while it runs; any thread. */
final class HubCounters {

    private final LongAdder published = new LongAdder();
    private final LongAdder broadcast = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder subscriptions = new LongAdder();
    private final RateMeter deliveries;

    HubCounters(RateMeter deliveries) {
        this.deliveries = deliveries;
    }

    void published(long events) {
        published.add(events);
    }

    void broadcast() {
        broadcast.increment();
    }

    void delivered(long copies) {
        delivered.add(copies);
        deliveries.add(copies);
    }

    void subscribed(long difference) {
        subscriptions.add(difference);
    }

    HubCounts snapshot(int channels, long backlogBytes) {
        return new HubCounts(
                channels, subscriptions.sum(), published.sum(), broadcast.sum(), delivered.sum(), backlogBytes);
    }
}
