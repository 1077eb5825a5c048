package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureSupervisor;
import dev.campfire.realtime.phoenix.Readiness;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Ready once the stream has been read for the first time. */
final class StreamReadiness implements Readiness {

    static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final CaptureSupervisor capture;
    private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    private final AtomicBoolean isAwaited = new AtomicBoolean();

    StreamReadiness(CaptureSupervisor capture) {
        this.capture = capture;
    }

    @Override
    public CompletionStage<@Nullable Void> ready() {
        if (isAwaited.compareAndSet(false, true)) {
            Thread.ofVirtual().name("readiness").start(this::await);
        }
        return ready.minimalCompletionStage();
    }

    private void await() {
        try {
            if (capture.awaitStreaming(FOR_EVER)) {
                ready.complete(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
