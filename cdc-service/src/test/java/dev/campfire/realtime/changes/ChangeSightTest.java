package dev.campfire.realtime.changes;

import static dev.campfire.realtime.changes.ThingsFeed.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.changes.ThingsFeed.Subscriber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever subscribes is told of what they may see, and of nothing else. */
final class ChangeSightTest {

    @RegisterExtension
    static final ThingsPostgres POSTGRES = new ThingsPostgres();

    private final ThingsFeed things = new ThingsFeed(POSTGRES);

    private Change update(String before, String after) {
        return things.change(Operation.UPDATE, Row.of("1", before), Row.of("1", after));
    }

    @Test
    void who_may_not_see_gets_nothing_and_service_role_is_told_why() throws Exception {
        things.visibility.blind.add("blind");
        Subscriber blind = things.subscribeAs("blind", ALL);
        Subscriber explained = things.subscribeExplained("postgres", ALL);

        things.publish(things.insert(1, "a"));

        assertThat(blind.got()).isEmpty();
        assertThat(explained.got())
                .hasSize(2)
                .last()
                .isEqualTo("{'extension':'postgres_changes','status':'withheld','message':"
                        + "'INSERT on public.things withheld from role blind: it is not theirs'}");
    }

    @Test
    void those_who_asked_for_the_same_get_it_each_by_what_they_see() throws Exception {
        Subscriber seeing = things.subscribe(ALL);
        Subscriber blind = things.subscribeAs("authenticated", ALL);
        things.visibility.blind.add("authenticated");

        things.publish(things.insert(1, "a"), things.insert(2, "b"));

        assertThat(seeing.rows()).containsExactly("1", "2");
        assertThat(blind.got()).isEmpty();
    }

    @Test
    void a_row_that_leaves_the_filter_or_the_sight_is_told_as_a_delete_with_the_key_to_those_who_asked_for_that()
            throws Exception {
        String binding = "{'event':'*','schema':'public','table':'things','filter':'name=eq.mine'}";
        Subscriber told = things.subscribeToLeaves("anon", binding);
        Subscriber untold = things.subscribeAs("anon", binding);
        Subscriber never = things.subscribeToLeaves("authenticated", binding);
        things.visibility.blindToOld.add("authenticated");

        things.publish(update("mine", "theirs"));
        assertThat(told.got()).hasSize(1);
        assertThat(told.got().getFirst())
                .contains("'type':'DELETE'", "'old_record':{'id':1}", "'errors':null")
                .doesNotContain("mine", "theirs");
        assertThat(untold.got()).isEmpty();
        assertThat(never.got()).isEmpty();

        things.publish(update("mine", "mine"));
        assertThat(told.got().getLast()).contains("'type':'UPDATE'");
        assertThat(told.got()).hasSize(2);

        things.visibility.blindToNew.add("anon");
        things.publish(update("mine", "mine"));
        assertThat(told.got()).hasSize(3);
        assertThat(told.got().getLast()).contains("'type':'DELETE'", "'old_record':{'id':1}");
        assertThat(untold.got()).hasSize(1);
    }

    @Test
    void an_old_image_that_was_not_visible_is_not_shown_not_even_its_key() throws Exception {
        Subscriber some = things.subscribe(ALL);
        things.visibility.blindToOld.add("anon");

        things.publish(things.change(Operation.UPDATE, Row.of("7", "before"), Row.of("8", "after")));

        assertThat(some.got().getFirst()).contains("'old_record':{}").doesNotContain("7,", "before");
    }
}
