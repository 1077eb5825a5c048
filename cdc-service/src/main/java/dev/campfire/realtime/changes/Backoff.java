package dev.campfire.realtime.changes;

import java.time.Duration;

/** Growing pauses between attempts. For one thread. */
final class Backoff {

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private Duration next = Duration.ofMillis(50);

    /** The next pause. */
    Duration next() {
        Duration pause = next;
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        return pause;
    }

    void sleep() throws InterruptedException {
        Thread.sleep(next());
    }
}
