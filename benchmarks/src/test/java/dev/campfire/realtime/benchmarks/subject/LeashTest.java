package dev.campfire.realtime.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LeashTest {

    @Test
    void lets_go_of_its_process_however_often_it_is_closed() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            Leash leash = Leash.on(process.pid(), "KILL");
            leash.close();
            leash.close();

            assertThat(process.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            process.destroyForcibly();
        }
    }
}
