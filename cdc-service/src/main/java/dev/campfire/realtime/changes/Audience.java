package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
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
    /** How many places are taken in all queues together. */
    private int places;

    /**
     * All who are there at a time. As long as nobody comes or goes it is one object, so that messages for all of them are
     * written together.
     */
    record Everybody(List<Seat> seats, List<Viewer> viewers, Set<Viewer> set) {}

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
            all = new Everybody(list, viewers, Set.copyOf(viewers));
            everybody = all;
        }
        return all;
    }

    /** Everybody who would like to hear of a failure at these seats. */
    synchronized List<Consumer<String>> members(Collection<Seat> some) {
        return some.stream().flatMap(seat -> seat.members().stream()).toList();
    }

    /** Those of the seats to which nothing can be sent now: something waits for them, or what they see is not known. */
    synchronized List<Seat> waiting(List<Seat> some, Predicate<Viewer> isKnown) {
        List<Seat> waiting = new ArrayList<>();
        for (Seat seat : some) {
            if (!seat.waiting().isEmpty() || !isKnown.test(seat.viewer())) {
                waiting.add(seat);
            }
        }
        return waiting.size() == some.size() ? some : waiting;
    }

    /** Whether nothing waits for anybody. */
    synchronized boolean isIdle() {
        return places == 0;
    }

    /** Takes a place in the queues of these seats. */
    synchronized Seat.Slot await(List<Seat> some, long sequence) {
        Seat.Slot slot = new Seat.Slot(sequence);
        for (Seat seat : some) {
            seat.waiting().add(slot);
        }
        places += some.size();
        return slot;
    }

    /**
     * Says what comes in a place, and sends all that is known for these seats up to the next that is not. Blocks when the
     * hub does; whoever is at it is the only one who sends, so that nothing overtakes.
     *
     * @param messages of each viewer; equal viewers get the same object, and are asked about once
     */
    synchronized void fill(List<Seat> some, Seat.Slot slot, Function<Viewer, List<Message>> messages, ChannelHub hub)
            throws InterruptedException {
        slot.fill(messages);
        List<Dispatch> dispatches = new ArrayList<>();
        if (some == everybody().seats()) {
            fillAll(some, slot, dispatches);
        }
        drain(some, dispatches);
        if (!dispatches.isEmpty()) {
            hub.dispatch(dispatches);
        }
    }

    /** Where the place is the first one of all, and all get the same from it, it is sent to all of them as one. */
    private void fillAll(List<Seat> all, Seat.Slot slot, List<Dispatch> dispatches) {
        List<Message> common = null;
        for (Seat seat : all) {
            List<Message> own = seat.waiting().peek() == slot ? slot.messages(seat.viewer()) : null;
            if (own == null || common != null && own != common) {
                return;
            }
            common = own;
        }
        if (common == null) {
            return;
        }
        for (Seat seat : all) {
            seat.waiting().remove();
        }
        places -= all.size();
        for (Message message : common) {
            dispatches.add(new Dispatch(key, message, everybody().set()));
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
        Set<Viewer> free = new HashSet<>();
        for (Seat seat : seats.values()) {
            if (seat.waiting().isEmpty()) {
                free.add(seat.viewer());
            } else {
                Seat.Slot slot = new Seat.Slot(sequence);
                slot.fill(viewer -> List.of(message));
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
