package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SpreadTest {

    @Test
    void takes_the_middle_of_an_odd_count() {
        assertThat(Spread.of(9, 1, 2)).isEqualTo(new Spread(1, 2, 9));
    }

    @Test
    void takes_the_mean_of_the_middle_two_of_an_even_count() {
        assertThat(Spread.of(4, 1, 2, 100).median()).isEqualTo(3);
    }

    @Test
    void reads_as_the_median_between_its_limits() {
        assertThat(Spread.of(1_500, 2_500, 3_500).text(1)).isEqualTo("2,500.0 [1,500.0 .. 3,500.0]");
    }

    @Test
    void compares_turn_by_turn() {
        // The machine gets ten times slower, for both.
        assertThat(Spread.ofMultiples(new double[] {1, 30, 10}, new double[] {2, 10, 10}))
                .isEqualTo(new Spread(0.5, 1, 3));
        assertThatThrownBy(() -> Spread.ofMultiples(new double[] {1, 2}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
