package dev.campfire.realtime.mapping;

import java.time.Instant;

/**
 * A named event on a channel. Immutable.
 *
 * @param position its place in the history; also the {@code id} that clients see
 * @param channel the channel's canonical name, without {@code realtime:}
 * @param name the event's name, as in the vocabulary
 * @param commitTime when the change was committed
 * @param payload the JSON object that clients get, in UTF-8; not to be changed
 */
public record Event(Position position, String channel, String name, Instant commitTime, byte[] payload) {}
