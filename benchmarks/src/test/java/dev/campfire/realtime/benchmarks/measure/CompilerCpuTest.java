package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CompilerCpuTest {

    /** By now this process has compiled for more than a tick, and it does other things besides. */
    @Test
    void is_a_part_of_what_the_process_uses() {
        long self = ProcessHandle.current().pid();

        Duration compiling = new CompilerCpu(self).used();

        assertThat(compiling).isPositive().isLessThan(new ProcessCpu(self).used());
    }
}
