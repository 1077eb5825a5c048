package dev.campfire.realtime.replay;

import org.jspecify.annotations.Nullable;

/**
 * How far a replay has come: everything before its position has been played.
 *
 * @param position the id to go on behind; null when there is nothing yet
 * @param events how many have been played
 * @param bytesRead how many bytes of the journal have been read
 * @param bytes how many lie between its beginning and its end; for what follows, as far as is known
 */
public record Progress(@Nullable String position, long events, long bytesRead, long bytes) {}
