package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Relation;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which events somebody wants of a journal. Asked before their payloads are rendered, for that costs the most. */
@FunctionalInterface
public interface EventFilter {

    /** All of them. */
    EventFilter ALL = (channel, isPrivate, name, table) -> true;

    /**
     * @param table whose row's change the event came from; null when it came from none
     */
    boolean wants(String channel, boolean isPrivate, String name, @Nullable Relation table);

    /** The only channels that anything is wanted of, whichever side; empty when that can't be said. */
    default Set<String> namedChannels() {
        return Set.of();
    }
}
