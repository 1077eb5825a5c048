package dev.campfire.realtime.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectorChoiceTest {

    @TempDir
    Path folder;

    @Test
    void the_script_is_asked_on_the_processors_of_the_subject_with_the_options_that_it_has() throws Exception {
        Path script = Files.writeString(folder.resolve("collector.sh"), """
                collector_options() { printf '%s\\n' "-Dprocessors=$(nproc)" "-Dgiven=$1"; }
                """);
        Cores cores = Cores.choose(true);
        int processors = cores.pinned()
                ? cores.prefixOfSubject().getLast().split(",").length
                : Runtime.getRuntime().availableProcessors();

        assertThat(CollectorChoice.added(List.of("-Xms32m", "-Da=b"), cores, script))
                .containsExactly("-Xms32m", "-Da=b", "-Dprocessors=" + processors, "-Dgiven=-Xms32m -Da=b");
    }

    @Test
    void a_collector_that_is_given_is_taken() throws Exception {
        List<String> options = List.of("-XX:+UseSerialGC", "-Xms32m");

        assertThat(CollectorChoice.added(options, Cores.choose(true), Path.of("../docker/collector.sh")))
                .isEqualTo(options);
    }
}
