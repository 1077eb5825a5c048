package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClosingInOrderTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void closes_what_stands_behind_a_part_that_fails() {
        assertThatThrownBy(() -> ClosingInOrder.of(
                        () -> closed.add("a"),
                        () -> {
                            throw new InterruptedException("b");
                        },
                        () -> {
                            throw new IllegalStateException("c");
                        },
                        () -> closed.add("d")))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("b")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));

        assertThat(closed).containsExactly("a", "d");
    }
}
