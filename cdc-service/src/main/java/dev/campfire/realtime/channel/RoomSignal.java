package dev.campfire.realtime.channel;

import java.util.function.BooleanSupplier;

/** Lets a publishing thread wait until backlogs have room again. */
final class RoomSignal {

    /** Waits until the condition holds; looked at again at each signal. */
    synchronized void await(BooleanSupplier hasRoom) throws InterruptedException {
        while (!hasRoom.getAsBoolean()) {
            wait();
        }
    }

    /** Some backlog has room again. */
    synchronized void signal() {
        notifyAll();
    }
}
