package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How fast events are played, by a clock that stands still unless somebody waits. */
final class PacerTest {

    private static final Instant FIRST = Instant.parse("2026-11-19T00:00:00Z");

    private long nanos = 1_000;
    private int words;

    private Pacer pacer(String speed) throws MalformedRequestException {
        return new Pacer(Speed.parse(speed), () -> nanos, time -> nanos += time.toNanos());
    }

    /** When events are played that were committed so many milliseconds after the first. */
    private List<Long> played(Pacer pacer, long... commits) throws Exception {
        long start = nanos;
        List<Long> at = new ArrayList<>();
        for (long commit : commits) {
            pacer.await(FIRST.plusMillis(commit), () -> words++);
            at.add((nanos - start) / 1_000_000);
        }
        return at;
    }

    @ParameterizedTest
    @CsvSource({"recorded, 0 100 100 350", "1, 0 100 100 350", "10x, 0 10 10 35", "0.5, 0 200 200 700", "max, 0 0 0 0"})
    void events_keep_their_distances_or_a_part_of_them(String speed, String expected) throws Exception {
        assertThat(played(pacer(speed), 0, 100, 100, 350))
                .extracting(String::valueOf)
                .containsExactly(expected.split(" "));
    }

    @Test
    void what_is_late_is_not_held_back_and_what_follows_is_on_time_again() throws Exception {
        Pacer pacer = pacer("1");
        played(pacer, 0);
        nanos += Duration.ofMillis(500).toNanos();

        assertThat(played(pacer, 100, 200, 700)).containsExactly(0L, 0L, 200L);
    }

    @Test
    void a_clock_that_was_set_back_holds_nothing_up() throws Exception {
        assertThat(played(pacer("1"), 0, -3_600_000, 100)).containsExactly(0L, 0L, 100L);
    }

    @Test
    void while_it_waits_for_long_something_is_heard_every_few_seconds() throws Exception {
        assertThat(played(pacer("1"), 0, 60_000)).containsExactly(0L, 60_000L);
        assertThat(words).isBetween(10, 12);
    }

    @Test
    void an_event_is_due_when_its_time_has_come() throws Exception {
        Pacer pacer = pacer("2");
        assertThat(pacer.isDue(FIRST)).isTrue();
        assertThat(pacer.isDue(FIRST.plusMillis(100))).isFalse();
        nanos += Duration.ofMillis(50).toNanos();
        assertThat(pacer.isDue(FIRST.plusMillis(100))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "fast", "1e9", "NaN", "x"})
    void what_is_no_speed_is_refused(String speed) {
        assertThatThrownBy(() -> Speed.parse(speed)).isInstanceOf(MalformedRequestException.class);
    }
}
