package dev.campfire.realtime.replay;

import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.phoenix.PastEvent;

/** Events as a JSON object on a line each: what those who read a channel get, and beside it the channel and its position. */
public final class EventLine {

    private EventLine() {}

    /** The object, without the end of its line. */
    public static byte[] of(Event event) {
        return PastEvent.of(event).json(event.channel(), event.isPrivate(), event.position());
    }
}
