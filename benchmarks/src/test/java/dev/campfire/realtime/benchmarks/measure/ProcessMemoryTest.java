package dev.campfire.realtime.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessMemoryTest {

    @Test
    void reads_the_resident_kibibytes() {
        assertThat(ProcessMemory.parse(List.of("Name:\tjava", "VmSize:\t 9000 kB", "VmRSS:\t  123456 kB")))
                .isEqualTo(123_456);
    }
}
