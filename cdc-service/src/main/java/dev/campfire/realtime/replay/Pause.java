package dev.campfire.realtime.replay;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
public interface Pause {

    /** The real one. */
    Pause SLEEP = Thread::sleep;

    void pause(Duration time) throws InterruptedException;
}
