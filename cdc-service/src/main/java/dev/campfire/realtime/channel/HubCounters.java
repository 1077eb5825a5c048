package dev.campfire.realtime.channel;

import dev.campfire.realtime.limits.RateMeter;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What the hub counts while it runs; any thread. */
final class HubCounters {

    private final LongAdder published = new LongAdder();
    private final LongAdder broadcast = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder subscriptions = new LongAdder();
    private final ConcurrentMap<ChannelKey, Integer> subscribers = new ConcurrentHashMap<>();
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

    /** @param difference 1 for a subscription that comes, -1 for one that goes */
    void subscribed(ChannelKey key, int difference) {
        subscriptions.add(difference);
        subscribers.merge(key, difference, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** How many subscriptions each channel has, for those that have any: as it is while one goes over it. */
    Map<ChannelKey, Integer> subscribers() {
        return Collections.unmodifiableMap(subscribers);
    }

    HubCounts snapshot(int channels, long backlogBytes) {
        return new HubCounts(
                channels, subscriptions.sum(), published.sum(), broadcast.sum(), delivered.sum(), backlogBytes);
    }
}
