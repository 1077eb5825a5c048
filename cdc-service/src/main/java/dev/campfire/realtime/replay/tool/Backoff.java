package dev.campfire.realtime.replay.tool;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before another try: twice as long each time, up to a bound, and of that a random part. */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(500);

    private final Duration longest;
    private final RandomGenerator random;

    Backoff(Duration longest, RandomGenerator random) {
        this.longest = longest;
        this.random = random;
    }

    /**
     * At least half of what it could be, so that nobody is asked again at once.
     *
     * @param failures how many tries have failed, from 1
     */
    Duration after(int failures) {
        long bound = Math.min(longest.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 20));
        return Duration.ofMillis(bound / 2 + random.nextLong(bound / 2 + 1));
    }
}
