package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.channel.PresenceMember;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How often a client may change its presence. */
final class TopicPresenceTest {

    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final long START = Duration.ofDays(20_000).toMillis();

    private final TopicPresence presence = new TopicPresence(new PresenceMember("key", null));

    @Test
    void so_many_calls_are_allowed_within_each_window() {
        assertThat(presence.isCallAllowed(START, 2, WINDOW)).isTrue();
        assertThat(presence.isCallAllowed(START + 1, 2, WINDOW)).isTrue();
        assertThat(presence.isCallAllowed(START + 29_999, 2, WINDOW)).isFalse();
        assertThat(presence.isCallAllowed(START + 30_000, 2, WINDOW)).isTrue();
    }

    @Test
    void a_clock_that_is_set_back_does_not_make_the_window_longer() {
        assertThat(presence.isCallAllowed(START, 1, WINDOW)).isTrue();

        assertThat(presence.isCallAllowed(START - Duration.ofHours(2).toMillis(), 1, WINDOW))
                .isTrue();
        assertThat(presence.isCallAllowed(START - Duration.ofHours(2).toMillis() + 1, 1, WINDOW))
                .isFalse();
    }
}
