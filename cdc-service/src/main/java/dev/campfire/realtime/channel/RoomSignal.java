package dev.campfire.realtime.channel;

import java.util.function.BooleanSupplier;

/** Lets a publishing thread wait until backlogs have room again. */
final class RoomSignal {

    /** How long a publisher waits before it looks again by itself. */
    private static final long LOOK_AGAIN_MILLIS = 5;

    /** Waits until the condition holds; looked at again at each signal, and every few milliseconds. */
    synchronized void await(BooleanSupplier hasRoom) throws InterruptedException {
        while (!hasRoom.getAsBoolean()) {
            wait(LOOK_AGAIN_MILLIS);
        }
    }

    /** Some backlog has room again. */
    synchronized void signal() {
        notifyAll();
    }
}
