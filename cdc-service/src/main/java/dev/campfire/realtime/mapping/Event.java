package dev.campfire.realtime.mapping;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A named event on a channel. Immutable.
 *
 * @param position its place in the history
 * @param id what clients see as {@code meta.id}: the position, or the row's own id where the event is a row of {@code
 *     realtime.messages}
 * @param channel the channel's canonical name, without {@code realtime:}
 * @param isPrivate whether it goes to the private side of channels that have two
 * @param name the event's name
 * @param commitTime when the change was committed
 * @param isRaw whether the payload is opaque bytes rather than JSON
 * @param payload what clients get who see all of it: JSON in UTF-8 unless it is raw; not to be changed
 * @param row the row that it tells of, for those who see less; null for what is for everybody on the channel
 * @param sequence its number among the events of its channel, from 1 and without gaps; 0 while it has none
 * @param isBackfilled whether it tells of a row that had been there before anybody looked, rather than of a change
 */
public record Event(
        Position position,
        String id,
        String channel,
        boolean isPrivate,
        String name,
        Instant commitTime,
        boolean isRaw,
        byte[] payload,
        @Nullable RowPayload row,
        long sequence,
        boolean isBackfilled) {

    /** An event that does not tell of a row. */
    public Event(
            Position position,
            String id,
            String channel,
            boolean isPrivate,
            String name,
            Instant commitTime,
            boolean isRaw,
            byte[] payload) {
        this(position, id, channel, isPrivate, name, commitTime, isRaw, payload, null, 0, false);
    }

    /** An event that tells of a row: on the private side, for rows never reach a bus that anybody may join. */
    public Event(
            Position position,
            String channel,
            String name,
            Instant commitTime,
            byte[] payload,
            @Nullable RowPayload row) {
        this(position, position.toString(), channel, true, name, commitTime, false, payload, row, 0, false);
    }

    /** The same event with another payload. */
    public Event withPayload(byte[] other) {
        return new Event(position, id, channel, isPrivate, name, commitTime, isRaw, other, row, sequence, isBackfilled);
    }

    /** The same event with its number among those of its channel. */
    public Event withSequence(long number) {
        return new Event(position, id, channel, isPrivate, name, commitTime, isRaw, payload, row, number, isBackfilled);
    }

    /** The same event, told of a row that had been there before. */
    public Event asBackfill() {
        return new Event(position, id, channel, isPrivate, name, commitTime, isRaw, payload, row, sequence, true);
    }
}
