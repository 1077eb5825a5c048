package dev.campfire.realtime.vocabulary;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether names in the standard's own spaces, {@code org:} and {@code system:}, are the standard's. Those that are not
 * are counted always, and refused where it is strict. Safe for use by several threads.
 */
public final class NameGuard {

    /** What is quoted of a name that is refused. */
    private static final int QUOTED = 255;

    private final boolean isStrict;
    private final boolean speaksLegacy;
    private final LongAdder channels = new LongAdder();
    private final LongAdder events = new LongAdder();

    /** @param speaksLegacy whether the events from before the standard are good on the channels for typing */
    public NameGuard(boolean isStrict, boolean speaksLegacy) {
        this.isStrict = isStrict;
        this.speaksLegacy = speaksLegacy;
    }

    /** What is wrong with the name of a channel that is joined or sent to; null when it is to be let through. */
    public @Nullable String channel(String name) {
        if (!ChannelNames.isProtected(name) || ChannelNames.isValid(name)) {
            return null;
        }
        channels.increment();
        return isStrict
                ? quoted(name) + " is no channel of the standards; the nearest is \"" + NearestName.channel(name) + "\""
                : null;
    }

    /** Whether events on this channel have to be looked at. */
    public boolean watches(String channel) {
        return ChannelNames.isProtected(channel);
    }

    /** What is wrong with the name of an event that is broadcast on a channel; null when it is to be let through. */
    public @Nullable String event(String channel, String name) {
        if (!watches(channel) || EventName.find(name) != null || isLegacy(channel, name)) {
            return null;
        }
        events.increment();
        return isStrict
                ? quoted(name) + " is no event of the standards; the nearest is \"" + NearestName.event(name) + "\""
                : null;
    }

    private boolean isLegacy(String channel, String name) {
        if (!speaksLegacy || !name.equals(LegacyNames.TYPING) && !name.equals(LegacyNames.TYPING_INDICATOR)) {
            return false;
        }
        ChannelName parsed = ChannelName.parse(channel);
        return parsed != null
                && switch (parsed.kind()) {
                    case CONVERSATION, WIDGET, CONVERSATION_TYPING -> true;
                    default -> false;
                };
    }

    private static String quoted(String name) {
        return '"' + (name.length() <= QUOTED ? name : name.substring(0, QUOTED) + "…") + '"';
    }

    public boolean isStrict() {
        return isStrict;
    }

    /** How often a channel was named that the standards do not know. */
    public long channels() {
        return channels.sum();
    }

    /** How often an event was. */
    public long events() {
        return events.sum();
    }
}
