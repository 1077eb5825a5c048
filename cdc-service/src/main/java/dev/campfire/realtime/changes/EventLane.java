package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.RowPayload;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lane of named events. Whoever listens on a channel gets an event of a row only when policies show them the row, and
 * of it what they may read; events that tell of no row are for everybody there. Safe for use by several threads; what one
 * of them publishes keeps its order.
 */
public final class EventLane {

    private final ChannelHub hub;
    private final Decisions decisions;
    private final ConcurrentMap<ChannelKey, Audience> audiences = new ConcurrentHashMap<>();

    /** Held by whoever publishes, in turn: what waits to be judged has one order. */
    private final ReentrantLock publishing = new ReentrantLock(true);

    private long sequence;

    public EventLane(ChannelHub hub, Database database, RowVisibility visibility) {
        this.hub = hub;
        this.decisions = new Decisions(hub, visibility, database);
    }

    /**
     * Takes a place on a channel: what is published after this has returned is judged for this viewer, too. It is got by
     * those who have joined the channel at the hub as this viewer.
     *
     * @param onFailure told, by any thread, that an event could not be judged and was withheld: the channel is then to be
     *     ended with this text, so that its client comes again
     */
    public ChangeSubscription enter(ChannelKey key, Viewer viewer, Consumer<String> onFailure) {
        // An object of its own, for two may hand in one that is equal.
        Consumer<String> own = message -> onFailure.accept(message);
        List<Seat> taken = new ArrayList<>(1);
        audiences.compute(key, (same, known) -> {
            Audience audience = known == null ? new Audience(key) : known;
            taken.add(audience.enter(viewer, own));
            return audience;
        });
        Seat seat = taken.getFirst();
        return () -> audiences.computeIfPresent(key, (same, audience) -> {
            audience.leave(seat, own);
            return audience.isEmpty() ? null : audience;
        });
    }

    /**
     * Publishes events of the database, in their order. Blocks while too much waits for some loop or for Postgres, so it
     * must not be called by an event loop.
     *
     * @throws InterruptedException when interrupted while waiting
     */
    public void publish(List<Event> events) throws InterruptedException {
        publish(events, Message.Broadcast::of);
    }

    /**
     * Publishes events once more, marked as replayed, to those who are there now and by what policies say now. Blocks as
     * {@link #publish} does, which it holds up meanwhile: hand in few at a time, and only while there {@link #hasRoom}.
     *
     * @throws InterruptedException when interrupted while waiting
     */
    public void replay(List<Event> events) throws InterruptedException {
        publish(events, Message.Broadcast::again);
    }

    private void publish(List<Event> events, Function<Event, Message> form) throws InterruptedException {
        publishing.lockInterruptibly();
        try {
            publishInOrder(events, form);
        } finally {
            publishing.unlock();
        }
    }

    private void publishInOrder(List<Event> events, Function<Event, Message> form) throws InterruptedException {
        List<Dispatch> ready = new ArrayList<>(events.size());
        List<ChannelKey> keys = keysOfMessages(events);
        boolean[] areHeard = hub.haveSubscribers(keys.toArray(ChannelKey[]::new));
        int message = 0;
        int next = 0;
        while (next < events.size()) {
            RowPayload row = events.get(next).row();
            int end = next + 1;
            if (row != null) {
                while (end < events.size() && isOf(row, events.get(end))) {
                    end++;
                }
                judge(row, events.subList(next, end), form, ready);
            } else {
                if (areHeard[message]) {
                    publishToAll(form.apply(events.get(next)), keys.get(message), ready);
                }
                message++;
            }
            next = end;
        }
        hub.publish(ready, events.size());
    }

    /** The channels of the events that tell of no row, one for each: about all of them it is asked together. */
    private static List<ChannelKey> keysOfMessages(List<Event> events) {
        List<ChannelKey> keys = new ArrayList<>();
        for (Event event : events) {
            if (event.row() == null) {
                keys.add(ChannelKey.published(event));
            }
        }
        return keys;
    }

    private static boolean isOf(RowPayload row, Event event) {
        return event.row() != null && event.row().change() == row.change();
    }

    private void publishToAll(Message message, ChannelKey key, List<Dispatch> ready) {
        Audience audience = audiences.get(key);
        if (audience == null) {
            ready.add(new Dispatch(key, message));
        } else {
            audience.follow(message, ++sequence, ready);
        }
    }

    private void judge(RowPayload row, List<Event> events, Function<Event, Message> form, List<Dispatch> ready)
            throws InterruptedException {
        Map<Audience, List<Event>> offered = new IdentityHashMap<>(2);
        for (Event event : events) {
            Audience audience = audiences.get(ChannelKey.published(event));
            if (audience != null) {
                offered.computeIfAbsent(audience, any -> new ArrayList<>(2)).add(event);
            }
        }
        if (offered.isEmpty()) {
            return;
        }
        Map<Audience, Offer> offers = new IdentityHashMap<>(offered.size());
        offered.forEach((audience, some) -> offers.put(audience, new EventOffer(some, form)));
        String name = row.change().operation() + " on " + row.relation().schema() + "."
                + row.relation().table();
        decisions.decide(new Decisions.Question(row.change(), name, ++sequence, offers), ready);
    }

    /** Whether no event waits to be judged. Any thread. */
    public boolean isQuiet() {
        return decisions.late().isQuiet();
    }

    /** Whether neither the hub nor Postgres has more to do than it should. Any thread. */
    public boolean hasRoom() {
        return !hub.isCongested() && decisions.late().hasRoom();
    }

    /** What was withheld, from whom and why. */
    public WithheldChanges withheldChanges() {
        return decisions.withheldChanges();
    }

    /** How many changes' events were withheld because Postgres could not be asked who may have them. */
    public long withheld() {
        return decisions.late().withheld();
    }

    /** Who is judged on a channel; null for nobody. For tests. */
    @Nullable
    Audience audience(ChannelKey key) {
        return audiences.get(key);
    }
}
