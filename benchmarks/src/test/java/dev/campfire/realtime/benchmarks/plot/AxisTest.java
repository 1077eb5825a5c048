package dev.campfire.realtime.benchmarks.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class AxisTest {

    @Test
    void counts_from_zero_when_numbers_are_near_each_other() {
        Axis axis = Axis.of(new double[] {40, 80}, 0, 100);

        assertThat(axis.place(0)).isZero();
        assertThat(axis.place(80)).isEqualTo(100);
        assertThat(axis.marks()).startsWith(0.0, 20.0).endsWith(80.0);
    }

    @Test
    void counts_in_powers_when_they_are_far_apart() {
        Axis axis = Axis.of(new double[] {10, 100_000}, 0, 100);

        assertThat(axis.place(1_000)).isCloseTo(50, within(0.01));
        assertThat(axis.marks()).containsExactly(10.0, 100.0, 1_000.0, 10_000.0, 100_000.0);
    }

    @Test
    void has_room_for_negative_numbers_and_for_none() {
        assertThat(Axis.of(new double[] {-2, 8}, 0, 100).place(-2)).isZero();
        assertThat(Axis.of(new double[] {}, 0, 100).place(1)).isEqualTo(100);
        assertThat(Axis.of(new double[] {Double.NaN, 4}, 0, 100).place(4)).isEqualTo(100);
    }

    @Test
    void writes_numbers_as_people_do() {
        assertThat(Axis.text(1_177_000)).isEqualTo("1.18 M");
        assertThat(Axis.text(50_000)).isEqualTo("50 k");
        assertThat(Axis.text(5_000)).isEqualTo("5,000");
        assertThat(Axis.text(0.25)).isEqualTo("0.25");
        assertThat(Axis.text(0)).isEqualTo("0");
        assertThat(Axis.text(100)).isEqualTo("100");
    }
}
