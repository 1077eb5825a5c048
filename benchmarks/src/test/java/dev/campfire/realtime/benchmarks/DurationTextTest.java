package dev.campfire.realtime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class DurationTextTest {

    private final DurationText durations = new DurationText();

    @Test
    void reads_milliseconds_seconds_and_minutes() {
        assertThat(durations.convert("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(durations.convert("20s")).isEqualTo(Duration.ofSeconds(20));
        assertThat(durations.convert("2m")).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void refuses_a_number_without_unit() {
        assertThatThrownBy(() -> durations.convert("20")).isInstanceOf(TypeConversionException.class);
    }
}
