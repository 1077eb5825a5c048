package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StolenCpuTest {

    @Test
    void takes_what_was_stolen_from_all_processors() {
        assertThat(StolenCpu.parse(List.of("cpu  1 2 3 4 5 6 7 150 9 10", "cpu0 1 2 3 4 5 6 7 100 9 10")))
                .isEqualTo(Duration.ofMillis(1_500));
    }

    @Test
    void is_nothing_where_the_host_does_not_tell() {
        assertThat(StolenCpu.parse(List.of("cpu  1 2 3 4"))).isZero();
    }
}
