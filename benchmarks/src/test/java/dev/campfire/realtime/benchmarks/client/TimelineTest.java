package dev.campfire.realtime.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TimelineTest {

    private final Timeline timeline = new Timeline(2);

    @Test
    void counts_from_the_call_and_from_the_return_of_commit() {
        timeline.committed(0, 1_000_000, 2_000_000);
        timeline.committed(1, 1_000_000, 2_000_000);
        receive(0, 5_000_000);
        receive(1, 5_000_000);

        timeline.awaitAll(Duration.ofSeconds(1));

        assertThat(timeline.fromCall().median()).isEqualTo(4);
        assertThat(timeline.fromReturn().median()).isEqualTo(3);
    }

    @Test
    void counts_the_first_arrival_of_a_message() {
        receive(0, 5_000_000);
        receive(0, 9_000_000);
        receive(1, 5_000_000);

        timeline.awaitAll(Duration.ofSeconds(1));

        assertThat(timeline.fromCall().percentile(100)).isEqualTo(5);
    }

    @Test
    void tells_that_a_message_is_missing() {
        receive(1, 5_000_000);

        assertThatThrownBy(() -> timeline.awaitAll(Duration.ZERO)).hasMessageContaining("1 of 2 messages");
    }

    private void receive(int message, long at) {
        byte[] bytes = ("{\"content\":\"bench=00000000" + message + "xxx\"}").getBytes(US_ASCII);
        timeline.received(at, bytes, 0, bytes.length);
    }
}
