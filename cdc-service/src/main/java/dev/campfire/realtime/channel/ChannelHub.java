package dev.campfire.realtime.channel;

import dev.campfire.realtime.limits.RateMeter;
import dev.campfire.realtime.mapping.Event;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All channels of this machine. Safe for use by several threads.
 *
 * <p>Order: messages that one thread publishes to one channel reach each of its subscribers in that order. Between
 * channels, and between threads that publish at the same time, there is none.
 *
 * <p>Back-pressure: what is published waits in memory until the loops have written it, each loop up to a limit. Beyond
 * it {@link #publish} blocks, and {@link #broadcast} asks its caller to read no further for now. What a client that is
 * behind has not yet taken counts as waiting, for as long as it reads and for some seconds at most; a client that has
 * stopped reading holds back nobody, nor do a few among many that keep up: they are ended by their own outlets.
 */
public final class ChannelHub {

    private final ConcurrentMap<Executor, LoopHub> loops = new ConcurrentHashMap<>();
    private final ChannelDirectory directory = new ChannelDirectory();
    private final HubCounters counters;
    private final RoomSignal room = new RoomSignal();
    private final ByteBufAllocator allocator;
    private final long backlogLimit;
    private final LongSupplier nanoTime;

    /**
     * @param allocator where the frames that subscribers share come from
     * @param backlogLimit how many bytes may wait for one event loop before publishers are held back
     */
    public ChannelHub(ByteBufAllocator allocator, long backlogLimit) {
        this(allocator, backlogLimit, new RateMeter());
    }

    /** @param deliveries counts the copies that are handed to sockets */
    public ChannelHub(ByteBufAllocator allocator, long backlogLimit, RateMeter deliveries) {
        this(allocator, backlogLimit, deliveries, System::nanoTime);
    }

    ChannelHub(ByteBufAllocator allocator, long backlogLimit, LongSupplier nanoTime) {
        this(allocator, backlogLimit, new RateMeter(), nanoTime);
    }

    private ChannelHub(ByteBufAllocator allocator, long backlogLimit, RateMeter deliveries, LongSupplier nanoTime) {
        this.counters = new HubCounters(deliveries);
        this.allocator = allocator;
        this.backlogLimit = backlogLimit;
        this.nanoTime = nanoTime;
    }

    /** The share of an event loop, the same one at every call. */
    public LoopHub on(Executor loop) {
        return loops.computeIfAbsent(
                loop, key -> new LoopHub(key, directory, counters, room, allocator, backlogLimit, nanoTime));
    }

    /** Forgets an event loop that has ended. */
    public void forget(Executor loop) {
        loops.remove(loop);
        room.signal();
    }

    /**
     * Publishes events of the database, in their order. Blocks while too much waits for some loop, so it must not be
     * called by one.
     *
     * @throws InterruptedException when interrupted while waiting for room: nothing was published then
     */
    public void publish(List<Event> events) throws InterruptedException {
        List<Dispatch> dispatches = new ArrayList<>(events.size());
        for (Event event : events) {
            ChannelKey key = ChannelKey.published(event);
            if (hasSubscribers(key)) {
                dispatches.add(new Dispatch(key, Message.Broadcast.of(event)));
            }
        }
        publish(dispatches, events.size());
    }

    /**
     * Sends what events of the database have become, with the back-pressure of {@link #publish(List)}.
     *
     * @param events how many they were, whether somebody gets them or not
     */
    public void publish(List<Dispatch> dispatches, int events) throws InterruptedException {
        dispatch(dispatches);
        counters.published(events);
    }

    /** Whether anybody listens just now. */
    public boolean hasSubscribers(ChannelKey key) {
        return directory.channels(key).length > 0;
    }

    /** The same of many, in less time than one after the other. */
    public boolean[] haveSubscribers(ChannelKey[] keys) {
        return directory.haveSubscribers(keys);
    }

    /**
     * Sends messages, in their order, with the back-pressure of {@link #publish}.
     *
     * @throws InterruptedException when interrupted while waiting for room: nothing was sent then
     */
    public void dispatch(List<Dispatch> dispatches) throws InterruptedException {
        awaitRoom();
        send(dispatches);
    }

    /**
     * Waits as {@link #dispatch} does: for who is going to {@link #send} while it holds what an event loop may want.
     *
     * @throws InterruptedException when interrupted while waiting
     */
    public void awaitRoom() throws InterruptedException {
        if (isCongested()) {
            room.await(() -> !isCongested());
        }
    }

    /** Sends messages, in their order, whether there is room or not. Never blocks. */
    public void send(List<Dispatch> dispatches) {
        Map<LoopHub, List<Delivery>> byLoop = new IdentityHashMap<>();
        for (Dispatch dispatch : dispatches) {
            for (LocalChannel channel : directory.channels(dispatch.key())) {
                byLoop.computeIfAbsent(channel.loop(), any -> new ArrayList<>())
                        .add(new Delivery(channel, dispatch.message(), List.of(), dispatch.only(), null));
            }
        }
        byLoop.forEach(LoopHub::submit);
    }

    /**
     * Sends a message to everybody on a channel. Never blocks.
     *
     * @param except who sent it, when that one is not to get it back
     * @return false when too much waits for some loop: the message is on its way all the same, but its sender should be
     *     read no further until {@link #isCongested} says otherwise
     */
    public boolean broadcast(ChannelKey key, Message message, @Nullable Subscription except) {
        return broadcastLatest(key, message, except == null ? List.of() : List.of(except), null);
    }

    /**
     * The same of something that is overtaken by the next of its kind.
     *
     * @param except subscriptions of whoever sent it
     * @param subject what it is the latest of; null for what nothing overtakes
     */
    public boolean broadcastLatest(
            ChannelKey key, Message message, List<Subscription> except, @Nullable Object subject) {
        counters.broadcast();
        boolean hasRoom = true;
        for (LocalChannel channel : directory.channels(key)) {
            channel.loop().submit(List.of(new Delivery(channel, message, except, null, subject)));
            hasRoom &= !channel.loop().isFull();
        }
        return hasRoom;
    }

    /** Whether more waits for some event loop than should. */
    public boolean isCongested() {
        for (LoopHub loop : loops.values()) {
            if (loop.isFull()) {
                return true;
            }
        }
        return false;
    }

    /**
     * How many subscriptions each channel has. Not to be changed; it changes by itself while one goes over it, which any
     * thread may.
     */
    public Map<ChannelKey, Integer> subscribers() {
        return counters.subscribers();
    }

    /** What there is and was. */
    public HubCounts counts() {
        return counters.snapshot(
                directory.size(),
                loops.values().stream().mapToLong(LoopHub::backlogBytes).sum());
    }
}
