package dev.campfire.realtime.channel;

import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.vocabulary.ChannelNames;
import org.jspecify.annotations.Nullable;

/**
 * Which bus a subscriber listens on: two subscribers hear the same messages exactly when their keys are equal.
 *
 * @param name the channel's canonical name, without {@code realtime:}
 */
public record ChannelKey(String name, Side side) {

    /** The sides of a channel. */
    public enum Side {
        /** Anybody with a token may join. */
        PUBLIC,
        /** Who may join is the policies' decision; what is said here never reaches the public side. */
        PRIVATE,
        /** The channels of the unified standard have one side only, whatever a join's private flag says. */
        PROTECTED,
        /** What is told of typing to those who know a conversation under the name that it had before the standard. */
        LEGACY_TYPING,
        /** What is said of comings and goings in the standard's words, to those who may know who is present. */
        PRESENCE_EVENTS,
        /** What presence says where policies rule, and not everybody who may hear one may hear the other. */
        PRIVATE_PRESENCE,
        /** No channel that could be joined by name, but an audience of {@code postgres_changes}. */
        CHANGES
    }

    /**
     * The bus that a client means.
     *
     * @param subTopic what stands behind {@code realtime:} in the topic
     * @param isPrivate the join's private flag; changes nothing on protected names
     */
    public static ChannelKey joined(String subTopic, boolean isPrivate) {
        return new ChannelKey(ChannelNames.canonical(subTopic), side(subTopic, isPrivate));
    }

    /**
     * The bus that an event of the database goes to. Outside the protected names that is the private side, as with
     * Supabase's {@code broadcast_changes}, unless the database asked for the public one.
     */
    public static ChannelKey published(Event event) {
        return new ChannelKey(event.channel(), side(event.channel(), event.isPrivate()));
    }

    /** The bus that this channel's presence is told on. */
    public ChannelKey presence() {
        return side == Side.PRIVATE || side == Side.PROTECTED ? new ChannelKey(name, Side.PRIVATE_PRESENCE) : this;
    }

    /** The bus that comings and goings of this channel are told on in the standard's words. */
    public ChannelKey presenceEvents() {
        return new ChannelKey(name, Side.PRESENCE_EVENTS);
    }

    /**
     * The bus of those who get the same messages of {@code postgres_changes}.
     *
     * @param audience what tells them from others
     */
    public static ChannelKey changes(String audience) {
        return new ChannelKey(audience, Side.CHANGES);
    }

    /** Written out, as {@link #hashCode()} is: what Java makes of a record it assembles at the first join of each start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChannelKey key && side == key.side && name.equals(key.name);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + side.hashCode();
    }

    private static Side side(String name, boolean isPrivate) {
        if (ChannelNames.isProtected(name)) {
            return Side.PROTECTED;
        }
        return isPrivate ? Side.PRIVATE : Side.PUBLIC;
    }
}
