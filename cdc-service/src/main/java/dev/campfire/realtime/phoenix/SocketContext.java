package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.LoopHub;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
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
     * @param next gets the value, or the failure; what it throws itself is the caller's when it is called at once
     */
    <T extends @Nullable Object> void await(
            CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> next) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        switch (future.state()) {
            case SUCCESS -> next.accept(future.resultNow(), null);
            case FAILED -> next.accept(null, future.exceptionNow());
            case CANCELLED -> next.accept(null, new CancellationException());
            case RUNNING -> future.whenComplete((value, failure) -> onLoop(() -> next.accept(value, failure)));
        }
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
