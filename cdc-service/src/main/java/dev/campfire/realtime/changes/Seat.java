package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.channel.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One viewer in an audience, however many sockets it has there. What it gets leaves in the order in which the changes
 * came: one whose answer is outstanding holds up those behind it, for this viewer alone.
 */
final class Seat {

    private final Viewer viewer;

    /** Told when something could not be judged, one for each subscriber. Guarded by the audience. */
    private final List<Consumer<String>> members = new ArrayList<>(1);

    /** Guarded by the audience. */
    private final Deque<Slot> waiting = new ArrayDeque<>(0);

    /** The place of a change whose messages are not known yet; the same one for all seats of an audience that wait. */
    static final class Slot {
        private final long sequence;
        private @Nullable List<Portion> portions;

        Slot(long sequence) {
            this.sequence = sequence;
        }

        /** The number of the change: slots of several seats are put in its order. */
        long sequence() {
            return sequence;
        }

        boolean isFilled() {
            return portions != null;
        }

        /** What is to be sent to whom; nothing as long as that is not known. */
        List<Portion> portions() {
            return portions == null ? List.of() : portions;
        }

        /** The same to one viewer. */
        List<Message> messages(Viewer viewer) {
            for (Portion portion : portions()) {
                if (portion.viewers().contains(viewer)) {
                    return portion.messages();
                }
            }
            return List.of();
        }

        void fill(List<Portion> known) {
            portions = known;
        }
    }

    Seat(Viewer viewer) {
        this.viewer = viewer;
    }

    Viewer viewer() {
        return viewer;
    }

    List<Consumer<String>> members() {
        return members;
    }

    Deque<Slot> waiting() {
        return waiting;
    }
}
