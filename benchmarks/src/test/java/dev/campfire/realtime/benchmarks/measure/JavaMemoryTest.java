package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JavaMemoryTest {

    @Test
    void reads_the_heap_of_a_java_process() throws Exception {
        assertThat(new JavaMemory(ProcessHandle.current().pid()).heap()).isBetween(1L << 20, 8L << 30);
    }
}
