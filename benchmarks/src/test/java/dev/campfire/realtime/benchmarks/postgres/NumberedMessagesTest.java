package dev.campfire.realtime.benchmarks.postgres;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NumberedMessagesTest {

    @Test
    void finds_a_number_between_other_bytes() {
        assertThat(find("bbench bench bench=000123456xyz")).isEqualTo(123_456);
    }

    @Test
    void finds_a_number_at_the_very_end() {
        assertThat(find("bench=000000007")).isEqualTo(7);
    }

    @Test
    void finds_none_where_the_digits_are_cut_off() {
        assertThat(find("bench=00000000")).isEqualTo(NumberedMessages.NONE);
    }

    @Test
    void looks_at_nothing_outside_the_range() {
        byte[] bytes = "bench=000000001 bench=000000002 bench=000000003".getBytes(US_ASCII);

        assertThat(NumberedMessages.find(bytes, 10, 32)).isEqualTo(2);
    }

    private static int find(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        return NumberedMessages.find(bytes, 0, bytes.length);
    }
}
