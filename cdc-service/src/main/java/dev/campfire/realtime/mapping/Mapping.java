package dev.campfire.realtime.mapping;

import dev.campfire.realtime.capture.Change;
import java.util.function.Consumer;

/** The rules that say which events a change becomes. Safe for use by several threads. */
public interface Mapping {

    /**
     * Hands the change's events to the consumer, in the order of their positions. A change that no rule knows, or whose
     * ids are missing or malformed, becomes none; nothing in a row makes this throw.
     */
    void map(Change change, Consumer<Event> events);
}
