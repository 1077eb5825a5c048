package dev.campfire.realtime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class BenchTest {

    @Test
    void describes_every_scenario_with_its_options() {
        StringWriter out = new StringWriter();

        int status = Bench.commandLine().setOut(new PrintWriter(out, true)).execute("latency", "--help");

        assertThat(status).isZero();
        assertThat(out.toString()).contains("bench latency", "--rates", "--no-pin", "Exit status: 0");
    }

    @Test
    void answers_wrong_usage_with_status_2() {
        CommandLine bench = Bench.commandLine().setErr(new PrintWriter(new StringWriter()));

        assertThat(bench.execute("latency", "--duration=soon")).isEqualTo(2);
        assertThat(bench.execute("no-such-scenario")).isEqualTo(2);
    }

    @Test
    void refuses_one_file_for_all_scenarios() {
        CommandLine bench = Bench.commandLine().setErr(new PrintWriter(new StringWriter()));

        assertThat(bench.execute("--json=all.json")).isEqualTo(2);
    }
}
