package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.LoopHub;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one session share. Used by the socket's event loop alone.
 *
 * @param token the token that the socket was opened with
 * @param headers the {@code x-*} headers of its request, as a JSON object
 */
record SocketContext(
        PhoenixEndpoint endpoint,
        String token,
        String headers,
        Executor loop,
        LoopHub hub,
        SocketLink link,
        SessionWriter writer) {

    ChannelServices services() {
        return endpoint.services();
    }

    /**
     * Goes on with what a stage gives: at once when it is there, and otherwise on the loop, where what was written is
     * flushed afterwards.
     *
     * @param next gets the value, or the failure
     */
    <T extends @Nullable Object> void await(
            CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> next) {
        var future = stage.toCompletableFuture();
        if (future.isDone()) {
            future.whenComplete(next);
            return;
        }
        future.whenComplete((value, failure) -> onLoop(() -> next.accept(value, failure)));
    }

    /** Runs a task on the loop, flushes what it wrote, and lets what is live go before the next. Any thread. */
    void onLoop(Runnable task) {
        onLoop(task, () -> {});
    }

    /** @param otherwise run instead, on this thread, when the loop has ended */
    void onLoop(Runnable task, Runnable otherwise) {
        try {
            loop.execute(() -> {
                task.run();
                link.flush();
                hub.deliverFirst();
            });
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the socket with it.
            otherwise.run();
        }
    }
}
