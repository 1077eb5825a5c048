package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of the hub: the subscriptions of the connections that live on it. Joining and leaving happen on
 * the loop; only {@link #submit} may be called by any thread.
 */
public final class LoopHub {

    /** A turn ends behind about this many bytes, so that what else the loop has to do is not kept waiting. */
    private static final long TURN = 1024 * 1024;

    private final Executor loop;
    private final ChannelDirectory directory;
    private final HubCounters counters;
    private final RoomSignal room;
    private final ByteBufAllocator allocator;
    private final LoopBacklog backlog;
    private final AtomicBoolean isLookScheduled = new AtomicBoolean();

    // Touched by the loop alone.
    private final Laggards laggards;
    private long heldBytes;
    private int sockets;
    private final Map<ChannelKey, LocalChannel> channels = new HashMap<>();
    private final Turn turn = new Turn();
    private final List<Outlet> unflushed = new ArrayList<>();

    LoopHub(
            Executor loop,
            ChannelDirectory directory,
            HubCounters counters,
            RoomSignal room,
            ByteBufAllocator allocator,
            long backlogLimit,
            LongSupplier nanoTime) {
        this.loop = loop;
        this.directory = directory;
        this.counters = counters;
        this.room = room;
        this.allocator = allocator;
        this.backlog = new LoopBacklog(backlogLimit);
        this.laggards = new Laggards(nanoTime);
    }

    /** A client has connected that may join. */
    public void connected() {
        sockets++;
    }

    /** A client is gone. */
    public void disconnected() {
        sockets--;
    }

    /**
     * Joins a channel as nobody in particular: who joins so gets only what is for everybody. What is published by any
     * thread after this has returned reaches the outlet; what it had already handed to this loop may, too.
     *
     * @param topic as the client joined it, {@code realtime:} included
     */
    public Subscription join(ChannelKey key, Outlet outlet, FrameFormat format, String topic) {
        return join(key, outlet, format, topic, null);
    }

    /**
     * Joins a channel.
     *
     * @param listener who it is, for messages that are not for everybody
     */
    public Subscription join(
            ChannelKey key, Outlet outlet, FrameFormat format, String topic, @Nullable Object listener) {
        return channel(key).join(outlet, format, topic, listener);
    }

    /** The same, but what is published is kept aside, in order, until {@link #release}. */
    public Subscription joinHeld(
            ChannelKey key, Outlet outlet, FrameFormat format, String topic, @Nullable Object listener) {
        return channel(key).joinHeld(outlet, format, topic, listener);
    }

    private LocalChannel channel(ChannelKey key) {
        LocalChannel channel = channels.computeIfAbsent(key, any -> new LocalChannel(any, this));
        if (channel.isEmpty()) {
            directory.add(channel);
        }
        counters.subscribed(key, 1);
        return channel;
    }

    /**
     * Writes what was kept aside for a held subscription, to be flushed by the caller; what is published from now on
     * follows it. Does nothing when it is not held.
     *
     * @param wanted which messages are written, of those that were kept and of those that follow until {@link #settle}
     */
    public void release(Subscription subscription, Predicate<Message> wanted) {
        LocalChannel channel = channels.get(subscription.key());
        if (channel != null) {
            channel.release(subscription, wanted, allocator);
        }
    }

    /**
     * Does the same for several held subscriptions of one socket: what was kept for them is written in the order of its
     * positions.
     */
    public void release(List<Subscription> subscriptions, Predicate<Message> wanted) {
        HeldMessages.gather(subscriptions);
        subscriptions.forEach(subscription -> release(subscription, wanted));
    }

    /** Forgets what was kept aside for a held subscription, and goes on keeping. Does nothing when it is not held. */
    public void keepAnew(Subscription subscription) {
        if (subscription.held != null) {
            subscription.held.clear();
            subscription.heldBytes = 0;
        }
    }

    /** Lets a subscription get no more than what is wanted, until {@link #settle}; a second call narrows it further. */
    public void sift(Subscription subscription, Predicate<Message> wanted) {
        LocalChannel channel = channels.get(subscription.key());
        if (channel != null && subscription.index >= 0) {
            channel.sift(subscription, wanted);
        }
    }

    /**
     * Lets a subscription have the latest of what can be overtaken, once in every window. Everything else comes at once,
     * as to all others.
     *
     * @param later runs tasks of this loop after a time
     */
    public void conflate(Subscription subscription, Duration window, BiConsumer<Duration, Runnable> later) {
        LocalChannel channel = channels.get(subscription.key());
        if (channel != null) {
            channel.conflate(subscription, later::accept, window, allocator);
        }
    }

    /** Lets a released subscription get everything, and share its frames with others. Does nothing when it has ended. */
    public void settle(Subscription subscription) {
        LocalChannel channel = channels.get(subscription.key());
        if (channel != null) {
            channel.settle(subscription);
        }
    }

    /** Ends a subscription: its outlet gets nothing more from it, not even what waits. Does nothing the second time. */
    public void leave(Subscription subscription) {
        LocalChannel channel = channels.get(subscription.key());
        if (channel == null || subscription.index < 0 && subscription.held == null) {
            return;
        }
        channel.leave(subscription);
        counters.subscribed(subscription.key(), -1);
        if (channel.isEmpty()) {
            channels.remove(channel.key());
            directory.remove(channel);
        }
    }

    /** Hands over deliveries, which are written in a later turn of the loop. Any thread; order is kept per caller. */
    void submit(List<Delivery> deliveries) {
        if (backlog.add(deliveries)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            loop.execute(this::takeTurn);
        } catch (RejectedExecutionException e) {
            // The loop has ended and its sockets with it: nobody is left who could miss this.
            discard();
        }
    }

    private void discard() {
        for (List<Delivery> list = backlog.poll(); list != null; list = backlog.poll()) {
            release(LoopBacklog.size(list));
        }
        backlog.endTurn();
    }

    private void takeTurn() {
        writeWaiting();
        if (backlog.endTurn()) {
            schedule();
        }
    }

    /**
     * Writes what was handed over until now, and not only behind all that the loop has been given to do before: for whoever has
     * done something that takes its time and of which there may be much more, as joins are. On the loop, and not from
     * within a delivery.
     */
    public void deliverFirst() {
        if (backlog.isWaiting()) {
            writeWaiting();
        }
    }

    private void writeWaiting() {
        long bytes = 0;
        while (bytes < TURN) {
            List<Delivery> list = backlog.poll();
            if (list == null) {
                break;
            }
            bytes += LoopBacklog.size(list);
            list.forEach(this::enqueue);
        }
        deliverWaiting(turn.channels() == 1 && unflushed.isEmpty());
        for (Outlet outlet : unflushed) {
            outlet.flush();
            laggards.look(outlet);
        }
        unflushed.clear();
        heldBytes += bytes;
        letGo();
    }

    /** Who hears broadcasts and row changes hears them in the order in which they came, so neither is held back long. */
    private void enqueue(Delivery delivery) {
        if (turn.channels() > 0
                && turn.last().carriesRowChanges() != delivery.to().carriesRowChanges()) {
            deliverWaiting(false);
        }
        turn.add(delivery);
    }

    private void deliverWaiting(boolean isAlone) {
        counters.delivered(turn.deliver(allocator, unflushed, isAlone));
    }

    private void release(long bytes) {
        if (backlog.release(bytes)) {
            room.signal();
        }
    }

    /** What is written counts as waiting for as long as somebody is awaited who has not taken it. */
    private void letGo() {
        if (!laggards.areAwaited(sockets)) {
            release(heldBytes);
            heldBytes = 0;
        }
    }

    /**
     * Whether more waits than should. Any thread; whoever asks because it is held back asks again, for with each question
     * the loop looks whether those that are behind have caught up.
     */
    boolean isFull() {
        boolean isFull = backlog.isFull();
        if (isFull && isLookScheduled.compareAndSet(false, true)) {
            try {
                loop.execute(() -> {
                    isLookScheduled.set(false);
                    letGo();
                });
            } catch (RejectedExecutionException e) {
                discard();
            }
        }
        return isFull;
    }

    /** Whether nothing waits to be written to anybody here. Called by the loop. */
    public boolean isIdle() {
        return backlog.bytes() == 0;
    }

    long backlogBytes() {
        return backlog.bytes();
    }
}
