package dev.campfire.realtime.channel;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One socket's membership of one channel under one topic. Made by {@link LoopHub#join}; belongs to that loop and is
 * touched by no other thread, except that broadcasts carry it along to say who must not hear them.
 */
public final class Subscription {

    /** What may be kept aside for one subscriber, in bytes. */
    private static final long MOST_HELD = 8 * 1024 * 1024;

    private final ChannelKey key;
    private final Outlet outlet;

    private SubscriberGroup group;
    /** Where this is in its group, -1 while it is in none. */
    int index = -1;
    /** Whether something that is being written was sent by this subscriber, who is not to get it back. */
    boolean isSender;

    /** Who is listening, for messages that are not for everybody; null for nobody in particular, who gets none of them. */
    private @Nullable Object listener;

    /** Who it was until a while ago, for messages that were on their way then. */
    private @Nullable Object formerListener;

    /** The set that was looked at last, and what was found: messages behind one another are often for the same ones. */
    private @Nullable Set<?> lastOnly;

    private boolean isInLastOnly;

    /** What came while this was held, in order; null when it is not held. */
    @Nullable
    List<Message> held;

    /** What it gets while it is not yet like every other. */
    Predicate<Message> wanted = message -> true;

    /** Keeps what can be overtaken, for a client that wants little; null where it wants everything at once. */
    @Nullable
    Conflation conflation;

    /** How many bytes are held. */
    long heldBytes;

    Subscription(ChannelKey key, Outlet outlet, SubscriberGroup group, @Nullable Object listener) {
        this.listener = listener;
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

    /** Whether so much came while this was held that the client cannot be kept waiting any more. */
    public boolean isOverfull() {
        return heldBytes > MOST_HELD;
    }

    /**
     * Says that somebody else is listening. Called by the loop.
     *
     * @param now who it is, as in a {@link Dispatch}
     */
    public void listener(@Nullable Object now) {
        formerListener = listener;
        listener = now;
        lastOnly = null;
    }

    /** Ends what {@link #listener} left over: messages for who it was before do not reach this any more. */
    public void forgetFormerListener() {
        formerListener = null;
        lastOnly = null;
    }

    /** Whether a message for these is for this one. */
    boolean isAmong(@Nullable Set<?> only) {
        if (only == null) {
            return true;
        }
        if (only != lastOnly) {
            lastOnly = only;
            isInLastOnly = listener != null && only.contains(listener)
                    || formerListener != null && only.contains(formerListener);
        }
        return isInLastOnly;
    }

    /** Whether it is to be written now, of what is meant for this one. */
    boolean takes(Delivery delivery) {
        if (!wanted.test(delivery.message())) {
            return false;
        }
        boolean isForThis = !delivery.except().contains(this) && isAmong(delivery.only());
        return !isForThis || conflation == null || !conflation.keeps(delivery.message(), delivery.subject());
    }

    void hold(Delivery delivery) {
        if (held != null && !delivery.except().contains(this) && isAmong(delivery.only())) {
            heldBytes += delivery.size();
            if (!isOverfull()) {
                held.add(delivery.message());
            }
        }
    }

    SubscriberGroup group() {
        return group;
    }

    void moveTo(SubscriberGroup other) {
        group = other;
    }
}
