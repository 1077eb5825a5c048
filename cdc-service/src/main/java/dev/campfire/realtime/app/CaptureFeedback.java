package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureSupervisor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the journal has to say to capture, which is made after it. Any thread; nothing here blocks. */
final class CaptureFeedback {

    private final AtomicReference<@Nullable CaptureSupervisor> capture = new AtomicReference<>();

    void goesTo(CaptureSupervisor supervisor) {
        capture.set(supervisor);
    }

    /** Everything before here is durable: Postgres may forget it. */
    void acknowledge(long lsn) {
        CaptureSupervisor supervisor = capture.get();
        if (supervisor != null) {
            supervisor.acknowledge(lsn);
        }
    }

    /** Something was not kept: what was not acknowledged is to be read again. */
    void readAgain() {
        CaptureSupervisor supervisor = capture.get();
        if (supervisor != null) {
            supervisor.restart();
        }
    }
}
