package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

    @Test
    void is_reached_when_every_figure_keeps_its_limit() {
        Report report = new Report("some");
        report.add(Figure.atMost("latency", 2, 2, "ms"));
        report.add(Figure.atLeast("share", 0.9, 0.9, ""));

        assertThat(report.reached()).isTrue();
    }

    @Test
    void is_missed_when_one_figure_does_not() {
        Report report = new Report("some");
        report.add(Figure.atMost("latency", 1, 2, "ms"));
        report.add(Figure.atLeast("share", 0.89, 0.9, ""));

        assertThat(report.reached()).isFalse();
    }

    @Test
    void takes_what_is_no_number_for_missed() {
        assertThat(Figure.atMost("latency", Double.NaN, 2, "ms").reached()).isFalse();
    }

    @Test
    void keeps_parameters_raw_numbers_and_figures_as_json(@TempDir Path folder) throws IOException {
        Report report = new Report("some").parameter("changes", 3);
        report.measured("rate", "service", 1.5, 2.5);
        report.add(Figure.atMost("latency", 3, 2, "ms"));

        report.measuredAt("p99 ms", "subscribers", "service", 100, 4);

        report.write(folder.resolve("some.json"));

        JsonNode json = new ObjectMapper().readTree(folder.resolve("some.json").toFile());
        assertThat(json.at("/parameters/changes").asInt()).isEqualTo(3);
        assertThat(json.at("/measured/rate/service/1").asDouble()).isEqualTo(2.5);
        assertThat(json.at("/measured/p99 ms/service/100/0").asDouble()).isEqualTo(4);
        assertThat(json.at("/figures/0/reached").asBoolean(true)).isFalse();
    }

    @Test
    void refuses_one_quantity_over_two_axes() {
        Report report = new Report("some");
        report.measuredAt("p99 ms", "subscribers", "service", 100, 4);

        assertThatThrownBy(() -> report.measuredAt("p99 ms", "changes", "service", 100, 4))
                .hasMessageContaining("subscribers");
    }

    @Test
    void prints_numbers_of_a_table_below_each_other() {
        Report report = new Report("some");
        report.add(new Table("who", "rate").row("short", "1").row("much longer", "1,000"));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsSubsequence("  who           rate", "  short            1", "  much longer  1,000");
    }
}
