package dev.campfire.realtime.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** The signal by which services are told to read their files again. */
final class HangUp {

    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** From now on SIGHUP does this, on a thread of its own, rather than end the process. */
    static void calls(Runnable action) {
        try {
            Signal.handle(
                    new Signal("HUP"),
                    signal -> Thread.ofVirtual().name("reload").start(action));
        } catch (IllegalArgumentException e) {
            LOG.warn("SIGHUP can't be caught here, so the mapping is read at the start alone: {}", e.getMessage());
        }
    }
}
