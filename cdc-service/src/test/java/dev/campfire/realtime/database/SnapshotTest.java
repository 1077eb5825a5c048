package dev.campfire.realtime.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SnapshotTest {

    @Test
    void sees_what_was_over_when_it_was_taken() {
        Snapshot snapshot = Snapshot.parse("740:745:740,742");

        assertThat(snapshot.sees(739)).isTrue();
        assertThat(snapshot.sees(741)).isTrue();
        assertThat(snapshot.sees(744)).isTrue();
    }

    @Test
    void does_not_see_what_was_running_or_came_later() {
        Snapshot snapshot = Snapshot.parse("740:745:740,742");

        assertThat(snapshot.sees(740)).isFalse();
        assertThat(snapshot.sees(742)).isFalse();
        assertThat(snapshot.sees(745)).isFalse();
        assertThat(snapshot.sees(1_000_000)).isFalse();
    }

    @Test
    void knows_none_running_where_none_are_named() {
        assertThat(Snapshot.parse("745:745:").sees(744)).isTrue();
    }

    @Test
    void counts_on_where_the_32_bits_of_the_stream_begin_again() {
        // Just behind the first wrap-around: 2^32 + 5, with 2^32 + 1 and 2^32 - 2 running.
        Snapshot snapshot = Snapshot.parse("4294967294:4294967301:4294967294,4294967297");

        assertThat(snapshot.sees(0xFFFF_FFFFL)).isTrue();
        assertThat(snapshot.sees(0xFFFF_FFFEL)).isFalse();
        assertThat(snapshot.sees(0)).isTrue();
        assertThat(snapshot.sees(1)).isFalse();
        assertThat(snapshot.sees(5)).isFalse();
    }

    @Test
    void takes_what_begins_behind_a_wrap_around_for_later() {
        assertThat(Snapshot.parse("4294967290:4294967295:").sees(3)).isFalse();
    }
}
