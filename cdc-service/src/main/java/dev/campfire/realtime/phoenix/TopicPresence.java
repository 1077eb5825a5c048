package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.channel.PresenceMember;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client's own presence on a topic, and how often it changes it. Used by the socket's event loop alone. */
final class TopicPresence {

    private final PresenceMember member;
    private @Nullable JsonNode tracked;
    private long windowStart = Long.MIN_VALUE;
    private int calls;
    private boolean isEnabled;

    TopicPresence(PresenceMember member) {
        this.member = member;
    }

    PresenceMember member() {
        return member;
    }

    /** Whether its client began with it after the join, without having asked for it there. */
    boolean isEnabled() {
        return isEnabled;
    }

    void enable() {
        isEnabled = true;
    }

    /** What is tracked now, null for nothing. */
    @Nullable
    JsonNode tracked() {
        return tracked;
    }

    void tracked(@Nullable JsonNode now) {
        tracked = now;
    }

    /**
     * Counts a call.
     *
     * @param nowMillis the time; when it is set back, a new window begins
     * @return false when there were more than so many within the window
     */
    boolean isCallAllowed(long nowMillis, int most, Duration window) {
        if (windowStart == Long.MIN_VALUE || nowMillis < windowStart || nowMillis - windowStart >= window.toMillis()) {
            windowStart = nowMillis;
            calls = 0;
        }
        return ++calls <= most;
    }
}
