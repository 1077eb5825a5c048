package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.capture.Relation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which channels, events and tables a selection stands for. */
final class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
        "org:o:conv:c, org:o:conv:c, true",
        "org:o:conv:c, org:o:conv:d, false",
        "org:o:conv:c, org:o:conv:c:status, false",
        "org:o:conv:c:status, org:o:conv:c, false",
        "org:*:conv:c, org:o:conv:c, true",
        "org:*:conv:*, org:o:conv:c, true",
        "org:*:conv:*, org:o:conv:c:status, false",
        "org:*:conv:*, org:o:user:c, false",
        "*, room, true",
        "*, room:1, false",
        "*:*, room:1, true",
        "org:*, org:o, true",
        "org:*, org:o:conv, false",
        "org:**, org:o:conv:c, true",
        "org:**, org:o, true",
        "org:**, org, false",
        "org:**, organ:o, false",
        "org:*:**, org:o, false",
        "org:*:**, org:o:x, true",
        "**, anything:at:all, true",
        "message:*, message:created, true",
        "message:*, message:status:read, false",
        "a::b, a::b, true",
        "a:*:b, a::b, true",
        "org:o, org:o:, false",
        "org:*, org:, true",
    })
    void an_asterisk_stands_for_one_segment_and_two_at_the_end_for_all_that_follow(
            String pattern, String name, boolean fits) throws Exception {
        assertThat(NamePattern.parse(pattern).matches(name)).isEqualTo(fits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "org:a*", "**:conv", "org:**:conv", "***", "a*b"})
    void an_asterisk_where_it_means_nothing_is_refused(String pattern) {
        assertThatThrownBy(() -> NamePattern.parse(pattern)).isInstanceOf(MalformedRequestException.class);
    }

    private static final Relation MESSAGES =
            new Relation(1, "public", "messages", Relation.ReplicaIdentity.DEFAULT, List.of());

    @Test
    void a_selection_wants_what_fits_one_of_each_kind() throws Exception {
        EventSelection selection = EventSelection.parse(
                List.of("org:*:conv:*", "room"),
                List.of("message:created", "said"),
                List.of("messages", "shop.orders"));

        assertThat(selection.wants("org:o:conv:c", true, "message:created", MESSAGES))
                .isTrue();
        assertThat(selection.wants("room", true, "said", MESSAGES)).isTrue();
        assertThat(selection.wants("room", true, "said", null)).isFalse();
        assertThat(selection.wants("room", true, "left", MESSAGES)).isFalse();
        assertThat(selection.wants("hall", true, "said", MESSAGES)).isFalse();
        assertThat(EventSelection.ALL.wants("any", false, "thing", null)).isTrue();
    }

    @Test
    void only_names_without_asterisks_are_looked_up_in_the_index() throws Exception {
        assertThat(EventSelection.parse(List.of("a:b", "c"), List.of(), List.of())
                        .namedChannels())
                .containsExactlyInAnyOrder("a:b", "c");
        assertThat(EventSelection.parse(List.of("a:b", "c:*"), List.of(), List.of())
                        .namedChannels())
                .isEmpty();
        assertThat(EventSelection.ALL.namedChannels()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".messages", "public."})
    void a_table_has_a_name_and_may_have_a_schema(String table) {
        assertThatThrownBy(() -> EventSelection.parse(List.of(), List.of(), List.of(table)))
                .isInstanceOf(MalformedRequestException.class);
    }
}
