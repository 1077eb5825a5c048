package dev.campfire.realtime.journal;

import dev.campfire.realtime.mapping.Event;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The broadcasts of the database that a join may have replayed. Safe for use by several threads; never blocks. */
@FunctionalInterface
public interface BroadcastHistory {

    /** Remembers nothing. */
    BroadcastHistory EMPTY = (topic, since, limit) -> CompletableFuture.completedStage(List.of());

    /**
     * The newest broadcasts of a private channel, in the order of their commits, oldest first.
     *
     * @param topic the channel's name, without {@code realtime:}
     * @param since none older than this
     * @param limit no more than this
     */
    CompletionStage<List<Event>> since(String topic, Instant since, int limit);
}
