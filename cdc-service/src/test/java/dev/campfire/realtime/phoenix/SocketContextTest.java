package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How a session goes on with answers: at once with those that are there. */
final class SocketContextTest {

    private final SocketContext context = new SocketContext(null, "", "{}", Runnable::run, null, null, null);

    @Test
    void an_answer_that_is_there_is_gone_on_with_at_once() {
        List<Object> got = new ArrayList<>();

        context.await(CompletableFuture.completedStage("answer"), (value, failure) -> got.add(value));
        context.await(
                CompletableFuture.failedStage(new IllegalStateException("no answer")),
                (value, failure) -> got.add(failure.getMessage()));

        assertThat(got).containsExactly("answer", "no answer");
    }

    @Test
    void what_fails_in_going_on_with_it_is_not_swallowed() {
        CompletionStage<String> there = CompletableFuture.completedStage("answer");

        assertThatThrownBy(() -> context.await(there, (value, failure) -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
    }
}
