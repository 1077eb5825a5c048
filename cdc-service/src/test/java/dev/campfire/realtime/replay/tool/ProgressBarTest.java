package dev.campfire.realtime.replay.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.replay.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What somebody sees who waits for a replay. */
final class ProgressBarTest {

    private static Progress progress(long read, long all) {
        return new Progress("p", 1, read, all);
    }

    @Test
    void it_shows_how_far_it_is_how_fast_and_for_how_long() {
        assertThat(ProgressBar.line(progress(0, 0), 0, false, Duration.ZERO)).startsWith("[==========");
        assertThat(ProgressBar.line(progress(500, 1000), 12_345, false, Duration.ofSeconds(5)))
                .isEqualTo("[===============>              ]  50 %  12,345 events  2,469/s  0:05 left");
        assertThat(ProgressBar.line(progress(1000, 1000), 2, false, Duration.ofSeconds(1)))
                .isEqualTo("[==============================] 100 %  2 events  2/s  0:00 left");
        assertThat(ProgressBar.line(progress(1000, 1000), 10, true, Duration.ofSeconds(3700)))
                .isEqualTo("following  10 events  0/s  1:01:40");
    }

    @Test
    void where_there_is_no_terminal_only_notices_are_written() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ProgressBar bar = new ProgressBar(new PrintStream(out, true, StandardCharsets.UTF_8), false, () -> 0)) {
            bar.show(progress(1, 2), 1, false);
            bar.notice("something");
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("something" + System.lineSeparator());
    }
}
