package dev.campfire.realtime.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker/collector.sh}, which chooses Java's collector for the launcher and the image. */
final class CollectorTest {

    private static final String SCRIPT = "../docker/collector.sh";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin/java").toString();

    @TempDir
    Path group;

    private static String bash(Map<String, String> environment, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("bash", "-c", "set -euo pipefail; . " + SCRIPT + "; " + command));
        line.add("bash");
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }

    /** With so many processors to run on, and as much memory as there is. */
    private static String options(int processors, Map<String, String> environment, String... given)
            throws IOException, InterruptedException {
        return bash(environment, "nproc() { echo " + processors + "; }; collector_options \"$@\"", given);
    }

    private int processors(int many) throws IOException, InterruptedException {
        return Integer.parseInt(bash(Map.of(), "nproc() { echo " + many + "; }; processors \"$1\"", group.toString()));
    }

    private int megabytes() throws IOException, InterruptedException {
        return Integer.parseInt(bash(Map.of(), "megabytes \"$1\"", group.toString()));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(group.resolve(file).getParent());
        Files.writeString(group.resolve(file), text + "\n");
    }

    @Test
    void a_single_processor_gets_the_parallel_collector_and_java_takes_it() throws Exception {
        assertThat(options(1, Map.of())).contains("-XX:+UseParallelGC");
        assertThat(bash(
                        Map.of(),
                        "nproc() { echo 1; }; exec \"$1\" $(collector_options) -Xms32m -XX:MaxNewSize=64m -Xlog:gc -version",
                        JAVA))
                .contains("Using Parallel");
    }

    @Test
    void where_there_is_more_the_choice_is_javas() throws Exception {
        assertThat(bash(Map.of(), "nproc() { echo 2; }; megabytes() { echo 1792; }; collector_options"))
                .isEmpty();
        assertThat(bash(Map.of(), "nproc() { echo 2; }; megabytes() { echo 1791; }; collector_options"))
                .contains("-XX:+UseParallelGC");
    }

    @Test
    void a_collector_that_somebody_chose_stays() throws Exception {
        assertThat(options(1, Map.of(), "-Xmx1g -XX:+UseSerialGC")).isEmpty();
        for (String name : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            assertThat(options(1, Map.of(name, "-XX:+UseG1GC -Xmx1g"))).isEmpty();
        }
        assertThat(options(1, Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g"))).contains("-XX:+UseParallelGC");
        assertThat(options(1, Map.of(), "-XX:+UseCompactObjectHeaders -XX:+DisableExplicitGC -Xmx1g"))
                .contains("-XX:+UseParallelGC");
    }

    @Test
    void processors_are_those_of_the_control_group_where_it_has_fewer() throws Exception {
        assertThat(processors(8)).isEqualTo(8);
        write("cpu.max", "max 100000");
        assertThat(processors(8)).isEqualTo(8);
        write("cpu.max", "150000 100000");
        assertThat(processors(8)).isEqualTo(2);
        write("cpu.max", "50000 100000");
        assertThat(processors(8)).isEqualTo(1);
        write("cpu.max", "900000 100000");
        assertThat(processors(8)).isEqualTo(8);
    }

    @Test
    void control_groups_of_version_1_count_too() throws Exception {
        write("cpu/cpu.cfs_quota_us", "-1");
        write("cpu/cpu.cfs_period_us", "100000");
        write("memory/memory.limit_in_bytes", "9223372036854771712");
        assertThat(processors(8)).isEqualTo(8);
        int all = megabytes();
        write("cpu/cpu.cfs_quota_us", "100000");
        write("memory/memory.limit_in_bytes", "536870912");
        assertThat(processors(8)).isEqualTo(1);
        assertThat(megabytes()).isEqualTo(512).isLessThan(all);
    }

    @Test
    void memory_is_that_of_the_control_group_where_it_has_less() throws Exception {
        int all = megabytes();
        write("memory.max", "max");
        assertThat(megabytes()).isEqualTo(all);
        write("memory.max", "1073741824");
        assertThat(megabytes()).isEqualTo(1024).isLessThan(all);
        write("memory.max", Long.toString((all + 1024L) << 20));
        assertThat(megabytes()).isEqualTo(all);
    }
}
