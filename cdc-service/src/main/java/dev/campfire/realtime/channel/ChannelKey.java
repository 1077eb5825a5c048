package dev.campfire.realtime.channel;

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
        PROTECTED
    }
}
