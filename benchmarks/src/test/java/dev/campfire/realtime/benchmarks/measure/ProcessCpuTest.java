package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessCpuTest {

    @Test
    void adds_user_and_system_time_whatever_the_command_is_called() {
        String line = "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 1000 0 10 0 123 77 0 0 20 0 8 0 100 1 2";

        assertThat(ProcessCpu.parse(line)).isEqualTo(Duration.ofSeconds(2));
    }
}
