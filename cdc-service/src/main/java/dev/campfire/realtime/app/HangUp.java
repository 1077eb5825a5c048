package dev.campfire.realtime.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The signal by which services are told to read their files again. */
final class HangUp {

    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** From now on SIGHUP does this, on a thread of its own, rather than end the process. */
    static void calls(Runnable action) {
        try {
            SignalHandler before = Signal.handle(
                    new Signal("HUP"),
                    signal -> Thread.ofVirtual().name("reload").start(action));
            if (before == SignalHandler.SIG_IGN) {
                // Whoever started it said that it is to be ignored, and the JVM keeps to that.
                LOG.warn("SIGHUP is ignored, as nohup has it, so the mapping is read at the start alone");
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("SIGHUP can't be caught here, so the mapping is read at the start alone: {}", e.getMessage());
        }
    }
}
