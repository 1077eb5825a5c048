package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One channel's subscribers on one loop. Used by that loop alone, but for what says so. */
final class LocalChannel {

    private final ChannelKey key;
    private final LoopHub loop;
    private final boolean carriesRowChanges;

    /** Among the channels of the loop's {@link Turn}; -1 when there is nothing for this one in it. */
    int place = -1;

    private final List<SubscriberGroup> groups = new ArrayList<>(1);

    // One and the same list for all channels that have none, as nearly all have.
    private List<Subscription> held = List.of();
    private List<Subscription> sifted = List.of();

    LocalChannel(ChannelKey key, LoopHub loop) {
        this.key = key;
        this.loop = loop;
        this.carriesRowChanges = key.side() == ChannelKey.Side.CHANGES;
    }

    /** The loop that it is on. Any thread. */
    LoopHub loop() {
        return loop;
    }

    /** Any thread. */
    ChannelKey key() {
        return key;
    }

    boolean carriesRowChanges() {
        return carriesRowChanges;
    }

    Subscription join(Outlet outlet, FrameFormat format, String topic, @Nullable Object listener) {
        SubscriberGroup group = group(format, topic);
        Subscription subscription = new Subscription(key, outlet, group, listener);
        group.add(subscription);
        return subscription;
    }

    /** The same, but what comes is kept aside until {@link #release}. */
    Subscription joinHeld(Outlet outlet, FrameFormat format, String topic, @Nullable Object listener) {
        Subscription subscription = new Subscription(key, outlet, new SubscriberGroup(format, topic), listener);
        subscription.held = new ArrayList<>();
        held = with(held, subscription);
        return subscription;
    }

    /** Writes what was kept aside and is wanted; of what follows it gets no more than that until {@link #settle}. */
    void release(Subscription subscription, Predicate<Message> wanted, ByteBufAllocator allocator) {
        List<Message> messages = subscription.held;
        if (messages == null || !held.contains(subscription)) {
            return;
        }
        held = without(held, subscription);
        subscription.held = null;
        subscription.wanted = wanted;
        sifted = with(sifted, subscription);
        subscription.group().add(subscription);
        try {
            subscription
                    .group()
                    .writeTo(subscription, messages.stream().filter(wanted).toList(), allocator);
        } catch (RuntimeException | Error e) {
            subscription.outlet().fail(e);
        }
    }

    /** From here on the subscription is like every other. */
    void sift(Subscription subscription, Predicate<Message> wanted) {
        if (sifted.contains(subscription)) {
            subscription.wanted = subscription.wanted.and(wanted);
            return;
        }
        SubscriberGroup group = subscription.group();
        group.remove(subscription);
        if (group.size() == 0) {
            groups.remove(group);
        }
        subscription.moveTo(group.another());
        subscription.wanted = wanted;
        sifted = with(sifted, subscription);
        subscription.group().add(subscription);
    }

    /** Lets a subscription have the latest of what can be overtaken, once in every window, from now on. */
    void conflate(Subscription subscription, Conflation.Timer timer, Duration window, ByteBufAllocator allocator) {
        if (subscription.conflation != null) {
            return;
        }
        subscription.conflation = new Conflation(window, timer, messages -> {
            if (subscription.index >= 0) {
                subscription.group().writeTo(subscription, messages, allocator);
                subscription.outlet().flush();
            }
        });
        if (subscription.held == null) {
            sift(subscription, message -> true);
        }
    }

    void settle(Subscription subscription) {
        if (subscription.conflation != null) {
            // It never gets the bytes that others get.
            subscription.wanted = message -> true;
            return;
        }
        if (sifted.contains(subscription)) {
            sifted = without(sifted, subscription);
            subscription.group().remove(subscription);
            SubscriberGroup group = subscription.group().sameIn(groups);
            subscription.moveTo(group);
            group.add(subscription);
        }
    }

    private SubscriberGroup group(FrameFormat format, String topic) {
        for (SubscriberGroup group : groups) {
            if (group.serves(format, topic)) {
                return group;
            }
        }
        SubscriberGroup group = new SubscriberGroup(format, topic);
        groups.add(group);
        return group;
    }

    void leave(Subscription subscription) {
        if (held.contains(subscription)) {
            held = without(held, subscription);
            subscription.held = null;
            return;
        }
        SubscriberGroup group = subscription.group();
        group.remove(subscription);
        if (sifted.contains(subscription)) {
            sifted = without(sifted, subscription);
        } else if (group.size() == 0) {
            groups.remove(group);
        }
    }

    boolean isEmpty() {
        return held.isEmpty() && sifted.isEmpty() && groups.isEmpty();
    }

    private static List<Subscription> with(List<Subscription> some, Subscription another) {
        List<Subscription> more = some.isEmpty() ? new ArrayList<>(1) : some;
        more.add(another);
        return more;
    }

    private static List<Subscription> without(List<Subscription> some, Subscription one) {
        some.remove(one);
        return some.isEmpty() ? List.of() : some;
    }

    /** Looks at all that {@link #deliver} is going to look at, where there is one subscriber; what it gives means nothing. */
    int look() {
        int seen = 0;
        for (int i = 0; i < groups.size(); i++) {
            seen += groups.get(i).look();
        }
        return seen;
    }

    /**
     * Writes what waits, and tells those who should have got it when that fails.
     *
     * @param isAlone whether nothing of this turn is for another channel
     */
    long deliver(List<Delivery> waiting, ByteBufAllocator allocator, List<Outlet> unflushed, boolean isAlone) {
        boolean isOneGroup = isAlone && sifted.isEmpty() && groups.size() == 1;
        long delivered = 0;
        for (Subscription subscription : held) {
            waiting.forEach(subscription::hold);
        }
        for (Subscription subscription : sifted) {
            List<Delivery> wanted = waiting.stream().filter(subscription::takes).toList();
            delivered += deliver(subscription.group(), wanted, allocator, unflushed, false);
        }
        for (SubscriberGroup group : groups) {
            delivered += deliver(group, waiting, allocator, unflushed, isOneGroup);
        }
        return delivered;
    }

    private static long deliver(
            SubscriberGroup group,
            List<Delivery> deliveries,
            ByteBufAllocator allocator,
            List<Outlet> unflushed,
            boolean isAlone) {
        try {
            return group.deliver(deliveries, allocator, unflushed, isAlone);
        } catch (RuntimeException | Error e) {
            // Errors too: without memory for these frames, these sockets end and the others go on.
            group.fail(e);
            return 0;
        }
    }
}
