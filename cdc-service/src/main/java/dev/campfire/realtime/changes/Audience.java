package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Those who listen on one bus for the same changes. What each viewer among them may see is another matter: every message
 * says for whom it is. Safe for use by several threads.
 */
final class Audience {

    private final ChannelKey key;

    // Guarded by this.
    private final Map<Viewer, Seat> seats = new HashMap<>();
    private @Nullable Everybody everybody;
    private Set<Viewer> last = Set.of();
    /** How many places are taken in the queues of all seats together. */
    private int places;
    /** What everybody waits for; nobody has anything in a queue of its own then. Null when it is not the same for all. */
    private @Nullable Together together;

    /**
     * What is the same for all who wait, and is kept once.
     *
     * @param slots in order; never empty
     */
    private record Together(Everybody all, Deque<Seat.Slot> slots) {}

    /**
     * All who are there at a time. As long as nobody comes or goes it is one object, so that messages for all of them are
     * written together.
     *
     * @param panels the viewers by their roles, in one of which all of them mostly are
     */
    record Everybody(List<Seat> seats, List<Panel> panels, Set<Viewer> set) {}

    Audience(ChannelKey key) {
        this.key = key;
    }

    ChannelKey key() {
        return key;
    }

    /** Takes a seat beside those who have the same viewer. */
    synchronized Seat enter(Viewer viewer, Consumer<String> onFailure) {
        Seat seat = seats.get(viewer);
        if (seat == null) {
            seat = new Seat(viewer);
            seats.put(viewer, seat);
            everybody = null;
        }
        seat.members().add(onFailure);
        return seat;
    }

    /** Gives a seat back; what waits for it is sent all the same, to whoever is left of this viewer. */
    synchronized void leave(Seat seat, Consumer<String> onFailure) {
        for (int i = 0; i < seat.members().size(); i++) {
            if (seat.members().get(i) == onFailure) {
                seat.members().remove(i);
                break;
            }
        }
        if (seat.members().isEmpty() && seats.remove(seat.viewer(), seat)) {
            everybody = null;
        }
    }

    synchronized boolean isEmpty() {
        return seats.isEmpty();
    }

    synchronized Everybody everybody() {
        Everybody all = everybody;
        if (all == null) {
            List<Seat> list = List.copyOf(seats.values());
            List<Viewer> viewers = list.stream().map(Seat::viewer).toList();
            List<Panel> panels = Panel.of(viewers);
            all = new Everybody(
                    list, panels, panels.size() == 1 ? panels.getFirst().set() : Set.copyOf(viewers));
            everybody = all;
        }
        return all;
    }

    /** Everybody who would like to hear of a failure at these seats. */
    synchronized List<Consumer<String>> members(Collection<Seat> some) {
        return some.stream().flatMap(seat -> seat.members().stream()).toList();
    }

    /** Those of the seats to which nothing can be sent now: something waits for them, or what they see is not known. */
    synchronized List<Seat> waiting(Everybody all, List<Panel> unknown) {
        if (together != null && together.all() == all) {
            return all.seats();
        }
        spread();
        List<Seat> waiting = new ArrayList<>();
        for (Seat seat : all.seats()) {
            if (!seat.waiting().isEmpty() || isAmong(seat.viewer(), unknown)) {
                waiting.add(seat);
            }
        }
        return waiting.size() == all.seats().size() ? all.seats() : waiting;
    }

    private static boolean isAmong(Viewer viewer, List<Panel> panels) {
        for (Panel panel : panels) {
            if (panel.set().contains(viewer)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing waits for anybody. */
    synchronized boolean isIdle() {
        return places == 0 && together == null;
    }

    /** Takes a place in the queues of some of the seats. */
    synchronized Seat.Slot await(Everybody all, List<Seat> some, long sequence) {
        Seat.Slot slot = new Seat.Slot(sequence);
        if (some == all.seats()) {
            if (isIdle()) {
                together = new Together(all, new ArrayDeque<>(1));
            }
            if (together != null && together.all() == all) {
                together.slots().add(slot);
                return slot;
            }
        }
        spread();
        for (Seat seat : some) {
            seat.waiting().add(slot);
        }
        places += some.size();
        return slot;
    }

    /** Puts what all wait for into the queue of each: from here on they wait for different things. */
    private void spread() {
        if (together != null) {
            for (Seat seat : together.all().seats()) {
                seat.waiting().addAll(together.slots());
            }
            places += together.slots().size() * together.all().seats().size();
            together = null;
        }
    }

    /** Says what comes in a place. */
    synchronized void fill(Seat.Slot slot, List<Portion> portions) {
        slot.fill(portions);
    }

    /**
     * Sends all that is known for these seats up to the first place that is not filled. Blocks when the hub does; whoever is at
     * it is the only one who sends, so that nothing overtakes.
     */
    void send(List<Seat> some, ChannelHub hub) throws InterruptedException {
        // Not while this is locked: event loops come and go here, and one that waits for the lock makes no room.
        hub.awaitRoom();
        sendNow(some, hub);
    }

    private synchronized void sendNow(List<Seat> some, ChannelHub hub) {
        List<Dispatch> dispatches = new ArrayList<>();
        if (together == null) {
            drain(some, dispatches);
        } else {
            drain(together.slots(), dispatches);
            if (together.slots().isEmpty()) {
                together = null;
            }
        }
        if (!dispatches.isEmpty()) {
            hub.send(dispatches);
        }
    }

    private void drain(Deque<Seat.Slot> slots, List<Dispatch> dispatches) {
        for (Seat.Slot next = slots.peek(); next != null && next.isFilled(); next = slots.peek()) {
            for (Portion portion : next.portions()) {
                for (Message message : portion.messages()) {
                    dispatches.add(new Dispatch(key, message, portion.viewers()));
                }
            }
            slots.remove();
        }
    }

    private void drain(List<Seat> some, List<Dispatch> dispatches) {
        TreeMap<Long, Map<Message, Set<Viewer>>> ready = new TreeMap<>();
        for (Seat seat : some) {
            for (Seat.Slot next = seat.waiting().peek(); next != null && next.isFilled(); ) {
                gather(seat, next, ready);
                seat.waiting().remove();
                places--;
                next = seat.waiting().peek();
            }
        }
        for (Map<Message, Set<Viewer>> ofChange : ready.values()) {
            ofChange.forEach((message, viewers) -> dispatches.add(new Dispatch(key, message, shared(viewers))));
        }
    }

    /** The same viewers as the same object as last time, so that messages for them are written together. */
    synchronized Set<Viewer> shared(Set<Viewer> viewers) {
        if (!viewers.equals(last)) {
            last = viewers;
        }
        return last;
    }

    /** Sends something that is for everybody: behind what is waited for, where something is. */
    synchronized void follow(Message message, long sequence, List<Dispatch> ready) {
        if (isIdle()) {
            ready.add(new Dispatch(key, message));
            return;
        }
        spread();
        Set<Viewer> free = new HashSet<>();
        for (Seat seat : seats.values()) {
            if (seat.waiting().isEmpty()) {
                free.add(seat.viewer());
            } else {
                Seat.Slot slot = new Seat.Slot(sequence);
                slot.fill(List.of(new Portion(Set.of(seat.viewer()), List.of(message))));
                seat.waiting().add(slot);
                places++;
            }
        }
        if (!free.isEmpty()) {
            ready.add(new Dispatch(key, message, free));
        }
    }

    private static void gather(Seat seat, Seat.Slot slot, TreeMap<Long, Map<Message, Set<Viewer>>> ready) {
        List<Message> messages = slot.messages(seat.viewer());
        if (messages.isEmpty()) {
            return;
        }
        // Those who get the same get the same object.
        Map<Message, Set<Viewer>> ofChange = ready.computeIfAbsent(slot.sequence(), any -> new LinkedHashMap<>());
        for (Message message : messages) {
            ofChange.computeIfAbsent(message, any -> new HashSet<>()).add(seat.viewer());
        }
    }
}
