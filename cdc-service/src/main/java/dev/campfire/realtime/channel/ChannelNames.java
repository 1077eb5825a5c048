package dev.campfire.realtime.channel;

import dev.campfire.realtime.channel.ChannelKey.Side;
import java.util.function.UnaryOperator;

/** Finds the bus that a name stands for. Safe for use by several threads if the given function is. */
public final class ChannelNames {

    private final UnaryOperator<String> canonical;

    /**
     * @param canonical gives a channel's canonical name for any of its aliases, and every other name back as it is
     */
    public ChannelNames(UnaryOperator<String> canonical) {
        this.canonical = canonical;
    }

    /**
     * The bus that a client means.
     *
     * @param subTopic what stands behind {@code realtime:} in the topic
     * @param privateFlag the join's private flag; changes nothing on protected names
     */
    public ChannelKey joined(String subTopic, boolean privateFlag) {
        if (isProtected(subTopic)) {
            return new ChannelKey(canonical.apply(subTopic), Side.PROTECTED);
        }
        return new ChannelKey(subTopic, privateFlag ? Side.PRIVATE : Side.PUBLIC);
    }

    /**
     * The bus that events from the database go to. Outside the protected names that is the private side, as with
     * Supabase's {@code broadcast_changes}: rows never reach a bus that anybody may join.
     */
    ChannelKey published(String channel) {
        return new ChannelKey(channel, isProtected(channel) ? Side.PROTECTED : Side.PRIVATE);
    }

    private static boolean isProtected(String name) {
        return name.startsWith("org:") || name.startsWith("system:");
    }
}
