package dev.campfire.realtime.phoenix;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Whether what the database commits reaches its channels. */
@FunctionalInterface
public interface Readiness {

    /** It does. */
    Readiness NOW = () -> CompletableFuture.completedStage(null);

    /**
     * Completes, on any thread, as soon as every commit from then on reaches those who have joined by then. That is so
     * once the stream has been read for the first time: from then on what is committed waits in the slot.
     */
    CompletionStage<@Nullable Void> ready();
}
