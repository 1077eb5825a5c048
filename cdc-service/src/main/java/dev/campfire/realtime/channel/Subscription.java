package dev.campfire.realtime.channel;

/**
 * One socket's membership of one channel under one topic. Made by {@link LoopHub#join}; belongs to that loop and is
 * touched by no other thread, except that broadcasts carry it along to say who must not hear them.
 */
public final class Subscription {

    private final ChannelKey key;
    private final Outlet outlet;

    private final SubscriberGroup group;
    /** Where this is in its group, -1 once it has left. */
    int index;
    /** Whether something that is being written was sent by this subscriber, who is not to get it back. */
    boolean isSender;

    Subscription(ChannelKey key, Outlet outlet, SubscriberGroup group) {
        this.key = key;
        this.outlet = outlet;
        this.group = group;
    }

    /** The bus that is listened on. */
    public ChannelKey key() {
        return key;
    }

    Outlet outlet() {
        return outlet;
    }

    SubscriberGroup group() {
        return group;
    }
}
