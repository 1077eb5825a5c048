package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.capture.Change;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The lane of {@code postgres_changes}. Safe for use by several threads. */
public interface ChangeFeed {

    /**
     * Whether anybody has subscribed to the change's table. Called for every change, in order; blocks as {@link #publish}
     * does.
     */
    boolean concerns(Change change) throws InterruptedException;

    /**
     * Sends changes to their subscribers, in order. Blocks while too much waits, so it must not be called by an event
     * loop.
     */
    void publish(List<Change> changes) throws InterruptedException;

    /**
     * Subscribes. Never blocks; the stage is completed on any thread, and fails only when Postgres can't be asked.
     * All bindings are subscribed to, or none.
     */
    CompletionStage<SubscribeOutcome> subscribe(Subscribing request);

    /**
     * The number of the change that was taken up last. A subscription that is joined at the hub before this is read gets
     * every change with a greater number; messages carry the number of their change.
     */
    long sequence();

    /** The id of a binding, which messages carry: a positive number of 27 bits, equal for equal objects for ever. */
    long idOf(JsonNode binding);
}
