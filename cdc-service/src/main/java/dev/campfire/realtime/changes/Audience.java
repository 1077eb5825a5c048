package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.changes.Subscribing.Form;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those who asked for the same and see the same. Messages leave in the order in which their changes came: one whose
 * answer is outstanding holds up those behind it.
 */
final class Audience {

    private final ChannelKey key;
    private final Viewer viewer;
    private final Form form;
    private final boolean explains;
    private final List<ActiveBinding> bindings;

    /** Guarded by the registry's lock. */
    private final List<Subscribing> members = new ArrayList<>(1);

    /** Guarded by this. */
    private final Deque<Slot> waiting = new ArrayDeque<>();

    /** The place of a change whose messages are not known yet. */
    static final class Slot {
        private @Nullable List<Message> messages;
    }

    /** @param viewer that of the first, or an equal one */
    Audience(ChannelKey key, Subscribing first, Viewer viewer, List<ActiveBinding> bindings) {
        this.key = key;
        this.viewer = viewer;
        this.form = first.form();
        this.explains = first.explains();
        this.bindings = List.copyOf(bindings);
    }

    ChannelKey key() {
        return key;
    }

    Viewer viewer() {
        return viewer;
    }

    Form form() {
        return form;
    }

    boolean explains() {
        return explains;
    }

    /** In the order of the join. */
    List<ActiveBinding> bindings() {
        return bindings;
    }

    List<Subscribing> members() {
        return members;
    }

    /** Whether nothing is waiting, so that messages may go straight to the hub. */
    synchronized boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Takes a place in the queue. */
    synchronized Slot await() {
        Slot slot = new Slot();
        waiting.add(slot);
        return slot;
    }

    /** Says what comes in a place; it leaves with {@link #send}. */
    synchronized void fill(Slot slot, List<Message> messages) {
        slot.messages = messages;
    }

    /**
     * Sends all that is known up to the next that is not. Blocks when the hub does; whoever is at it is the only one who
     * sends, so that nothing overtakes. When interrupted nothing is lost: the next call sends it.
     */
    synchronized void send(ChannelHub hub) throws InterruptedException {
        List<Dispatch> ready = new ArrayList<>();
        int filled = 0;
        for (Slot next : waiting) {
            if (next.messages == null) {
                break;
            }
            next.messages.forEach(message -> ready.add(new Dispatch(key, message)));
            filled++;
        }
        if (!ready.isEmpty()) {
            hub.dispatch(ready);
        }
        for (int i = 0; i < filled; i++) {
            waiting.remove();
        }
    }
}
