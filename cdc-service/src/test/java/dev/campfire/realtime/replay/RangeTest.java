package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From where to where a replay goes, as people say it. */
final class RangeTest {

    private static final String ID = "dbbab000000000015a3ff00000000000";

    @Test
    void a_replay_begins_at_the_beginning_a_time_or_a_position() throws Exception {
        assertThat(Start.parse(null, null)).isEqualTo(new Start.Beginning());
        assertThat(Start.parse("beginning", null)).isEqualTo(new Start.Beginning());
        assertThat(Start.parse("latest", null)).isEqualTo(new Start.Latest());
        assertThat(Start.parse(ID, null)).isEqualTo(new Start.With(ID));
        assertThat(Start.parse(null, ID)).isEqualTo(new Start.Behind(ID));
        assertThat(Start.parse("2026-11-19T01:22:40.5+01:00", null))
                .isEqualTo(new Start.At(Instant.parse("2026-11-19T00:22:40.500Z")));
        assertThat(Start.parse("2026-11-19T01:22:40 01:00", null))
                .as("a plus sign that was not escaped")
                .isEqualTo(new Start.At(Instant.parse("2026-11-19T00:22:40Z")));
    }

    @Test
    void a_replay_ends_at_the_end_a_time_a_position_or_never() throws Exception {
        assertThat(Stop.parse(null, false)).isEqualTo(new Stop.End());
        assertThat(Stop.parse("end", false)).isEqualTo(new Stop.End());
        assertThat(Stop.parse(ID, false)).isEqualTo(new Stop.With(ID));
        assertThat(Stop.parse("2026-11-19T00:22:40Z", false))
                .isEqualTo(new Stop.Before(Instant.parse("2026-11-19T00:22:40Z")));
        assertThat(Stop.parse(null, true)).isEqualTo(new Stop.Never());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday!", "2026-11-19T25:00:00Z", "2026-11-19T00:22:40", "a b"})
    void what_is_no_place_is_refused(String text) {
        assertThatThrownBy(() -> Start.parse(text, null)).isInstanceOf(MalformedRequestException.class);
        assertThatThrownBy(() -> Stop.parse(text, false)).isInstanceOf(MalformedRequestException.class);
    }

    @Test
    void two_beginnings_and_an_end_of_what_follows_are_refused() {
        assertThatThrownBy(() -> Start.parse(ID, ID)).isInstanceOf(MalformedRequestException.class);
        assertThatThrownBy(() -> Stop.parse(ID, true)).isInstanceOf(MalformedRequestException.class);
    }
}
