package dev.campfire.realtime.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NameGuardTest {

    private final NameGuard strict = new NameGuard(true, false);

    @ParameterizedTest
    @CsvSource({
        "org:o:conv:c:typin, org:o:conv:c:typing",
        "org:o:convs:c, org:o:conv:c",
        "org:o:agent:presence, org:o:agents:presence",
        "org:o:users:u:notifications, org:o:user:u:notifications",
        "org:o:conversation, org:o:conversations",
        "system:healthy, system:health",
        "org:, org:{organization}",
    })
    void a_channel_outside_the_standards_is_refused_with_the_nearest_that_is_there(String name, String nearest) {
        assertThat(strict.channel(name))
                .isEqualTo("\"" + name + "\" is no channel of the standards; the nearest is \"" + nearest + "\"");
    }

    @ParameterizedTest
    @CsvSource({"typing:starting, typing:start", "message:create, message:created", "presence:joined, presence:join"})
    void an_event_outside_the_standards_is_refused_with_the_nearest_that_is_there(String name, String nearest) {
        assertThat(strict.event("org:o:conv:c", name))
                .contains("\"" + name + "\" is no event of the standards")
                .contains(nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org:o", "org:o:widget:visitor:v", "system:announcements", "room:1", "conversation:c"})
    void other_names_are_let_through(String name) {
        assertThat(strict.channel(name)).isNull();
        assertThat(strict.event(name, "typing:start")).isNull();
        assertThat(strict.channels()).isZero();
    }

    @Test
    void names_elsewhere_are_nobodys_affair() {
        assertThat(strict.event("room:1", "anything")).isNull();
        assertThat(strict.events()).isZero();
    }

    @Test
    void who_is_not_strict_counts_all_the_same() {
        NameGuard lenient = new NameGuard(false, false);

        assertThat(lenient.channel("org:o:nothing")).isNull();
        assertThat(lenient.event("org:o", "nothing")).isNull();

        assertThat(lenient.channels()).isEqualTo(1);
        assertThat(lenient.events()).isEqualTo(1);
    }

    @Test
    void words_from_before_the_standard_are_good_for_typing_in_a_migration() {
        NameGuard migrating = new NameGuard(true, true);

        assertThat(migrating.event("org:o:conv:c:typing", "typing")).isNull();
        assertThat(migrating.event("org:o:conv:c", "typing_indicator")).isNull();
        assertThat(migrating.event("org:o:conversations", "typing")).isNotNull();
        assertThat(strict.event("org:o:conv:c:typing", "typing")).isNotNull();
    }

    @Test
    void a_name_of_any_length_is_answered_briefly() {
        assertThat(strict.event("org:o", "x".repeat(100_000))).hasSizeLessThan(400);
    }
}
