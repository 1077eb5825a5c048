package dev.campfire.realtime.phoenix;

import java.util.ArrayDeque;
import java.util.Queue;

/** A join that has not been answered. What its client sends on the topic meanwhile is kept, in order. */
abstract sealed class PendingJoin permits JoinProcedure, RefusedJoin {

    /** What may wait for the answer on this topic; what a client sends beyond that is dropped. */
    private static final int MOST_WAITING = 128;

    private final Queue<ClientMessage> waiting = new ArrayDeque<>();

    /** Keeps a message for this topic until the join is answered; false when there is no room. */
    final boolean keep(ClientMessage message) {
        return waiting.size() < MOST_WAITING && waiting.add(message);
    }

    /** What came meanwhile, in order. */
    final Queue<ClientMessage> waiting() {
        return waiting;
    }

    /** Ends it without an answer. */
    abstract void cancel();
}
