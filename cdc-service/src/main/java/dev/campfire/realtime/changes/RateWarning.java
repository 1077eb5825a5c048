package dev.campfire.realtime.changes;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says something at most once a minute. For one thread. */
final class RateWarning {

    private static final Logger LOG = LoggerFactory.getLogger(RateWarning.class);
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    private boolean hasSpoken;
    private long last;

    void note(String text) {
        long now = System.nanoTime();
        if (!hasSpoken || now - last >= INTERVAL) {
            hasSpoken = true;
            last = now;
            LOG.warn(text);
        }
    }
}
