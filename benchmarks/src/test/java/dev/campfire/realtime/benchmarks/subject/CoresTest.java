package dev.campfire.realtime.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CoresTest {

    @Test
    void reads_lists_of_processors_as_the_kernel_writes_them() {
        assertThat(Cores.parse("0-2,5,8-9")).containsExactly(0, 1, 2, 5, 8, 9);
    }
}
