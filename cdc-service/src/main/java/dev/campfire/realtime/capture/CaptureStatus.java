package dev.campfire.realtime.capture;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How capture is doing, for health and logs.
 *
 * @param state what it does now
 * @param since since when
 * @param problem one line that says why it does not stream, null when it does
 * @param remedy what to do about it, null when nothing
 * @param historyLost whether the slot was found missing or lost since the service started: changes committed in between
 *     were not delivered
 */
public record CaptureStatus(
        State state,
        Instant since,
        @Nullable String problem,
        @Nullable String remedy,
        boolean historyLost) {

    /** What capture does. */
    public enum State {
        STARTING,
        STREAMING,
        RETRYING,
        STOPPED
    }

    public boolean isStreaming() {
        return state == State.STREAMING;
    }
}
