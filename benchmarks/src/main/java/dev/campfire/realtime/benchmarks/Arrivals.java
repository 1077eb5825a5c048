package dev.campfire.realtime.benchmarks;

import java.time.Duration;

/** How it is known that everything that was expected has arrived. For one thread. */
interface Arrivals {

    /** Begins to count. Called while nothing is on its way. */
    void expect(int count) throws Exception;

    /**
     * Waits for the last and returns its moment on this process's {@link System#nanoTime()}.
     *
     * @throws IllegalStateException when something was missing, or came twice or out of order
     */
    long awaitLast(Duration patience) throws Exception;
}
