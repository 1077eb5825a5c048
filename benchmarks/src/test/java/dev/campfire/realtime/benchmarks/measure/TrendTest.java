package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class TrendTest {

    @Test
    void rises_by_what_the_points_rise_by_on_the_whole() {
        assertThat(Trend.of(new double[] {0, 1, 2, 3}, new double[] {5, 8, 10, 13})
                        .slope())
                .isCloseTo(2.6, within(1e-9));
        assertThat(Trend.of(new double[] {0, 1, 2}, new double[] {7, 9, 7}).slope())
                .isCloseTo(0, within(1e-9));
    }
}
