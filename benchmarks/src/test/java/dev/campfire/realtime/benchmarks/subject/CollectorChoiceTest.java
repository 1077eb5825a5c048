package dev.campfire.realtime.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CollectorChoiceTest {

    private static final Path SCRIPT = Path.of("../docker/collector.sh");

    @Test
    void a_subject_on_one_processor_gets_the_parallel_collector_as_it_does_from_the_launcher() throws Exception {
        Cores cores = Cores.choose(true);
        assumeTrue(cores.prefixOfSubject().size() == 3
                && !cores.prefixOfSubject().get(2).contains(","));

        assertThat(CollectorChoice.added(List.of("-Xms32m"), cores, SCRIPT))
                .startsWith("-Xms32m", "-XX:+UseParallelGC")
                .contains("-XX:-UseAdaptiveSizePolicy");
    }

    @Test
    void a_collector_that_is_given_is_taken() throws Exception {
        List<String> options = List.of("-XX:+UseSerialGC", "-Xms32m");

        assertThat(CollectorChoice.added(options, Cores.choose(true), SCRIPT)).isEqualTo(options);
    }
}
