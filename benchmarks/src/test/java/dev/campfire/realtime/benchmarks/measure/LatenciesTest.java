package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LatenciesTest {

    private static final long MILLI = 1_000_000;

    @Test
    void takes_percentiles_by_nearest_rank() {
        Latencies oneToHundred =
                new Latencies(LongStream.rangeClosed(1, 100).map(i -> i * MILLI).toArray());

        assertThat(oneToHundred.percentile(50)).isEqualTo(50);
        assertThat(oneToHundred.percentile(99)).isEqualTo(99);
        assertThat(oneToHundred.percentile(100)).isEqualTo(100);
    }

    @Test
    void calls_the_longest_of_few_the_99th_percentile() {
        assertThat(new Latencies(new long[] {3 * MILLI, MILLI, 2 * MILLI}).percentile(99))
                .isEqualTo(3);
    }

    @Test
    void keeps_latencies_below_zero() {
        assertThat(new Latencies(new long[] {-MILLI}).median()).isEqualTo(-1);
    }
}
