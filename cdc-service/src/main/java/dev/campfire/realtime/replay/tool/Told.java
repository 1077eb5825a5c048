package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.replay.EventLine;
import java.time.Instant;

/**
 * An event as the tool handles it.
 *
 * @param position its place in the journal
 * @param json all of it, as a JSON object on one line; not to be changed
 */
public record Told(String position, String channel, String event, Instant committed, byte[] json) {

    static Told of(Event event) {
        return new Told(
                event.position().toString(), event.channel(), event.name(), event.commitTime(), EventLine.of(event));
    }
}
