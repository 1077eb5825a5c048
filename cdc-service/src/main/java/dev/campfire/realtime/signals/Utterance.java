package dev.campfire.realtime.signals;

import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.vocabulary.EventName;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Something that was said once, whether it was sent on one of a conversation's channels or, for safety, on all of them:
 * each part of the room hears it once. Guarded by its bridge.
 */
public final class Utterance {

    private final TypingBridge bridge;
    final TypistKey typist;
    final TypingReport report;
    /** What it is in the standard's words. */
    final EventName event;
    /** When it was first heard, by the nanosecond clock. */
    final long at;

    private final Set<String> heardOn = new HashSet<>(4);
    final Set<TypingRoom.Part> toldOn = EnumSet.noneOf(TypingRoom.Part.class);

    /** Whether it is bridged, and ended when nobody takes it back. */
    final boolean isTracked;

    Utterance(TypingBridge bridge, TypistKey typist, TypingReport report, EventName event, long at, boolean isTracked) {
        this.bridge = bridge;
        this.typist = typist;
        this.report = report;
        this.event = event;
        this.at = at;
        this.isTracked = isTracked;
    }

    /** Whether this is one more copy of it; the second on the same channel is none, but says it again. */
    boolean takes(TypingReport other, String channel) {
        return report.saysWhat(other) && heardOn.add(channel);
    }

    /**
     * Tells a part of the room that its sender may write to, unless it knows already. Never blocks; any thread.
     *
     * @param except the sender's own subscriptions that are not to get it back
     * @return false when too much waits for some loop: its sender should be read no further for now
     */
    public boolean tell(TypingRoom.Part part, List<Subscription> except) {
        return bridge.tell(this, part, except);
    }
}
