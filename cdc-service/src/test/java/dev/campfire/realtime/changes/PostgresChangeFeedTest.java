package dev.campfire.realtime.changes;

import static dev.campfire.realtime.changes.ThingsFeed.ALL;
import static dev.campfire.realtime.changes.ThingsFeed.INT8;
import static dev.campfire.realtime.changes.ThingsFeed.TEXT;
import static dev.campfire.realtime.changes.ThingsFeed.filtered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.changes.ThingsFeed.Subscriber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which changes reach whom who subscribed, in which order, and at what cost, with a real Postgres to ask. */
final class PostgresChangeFeedTest {

    @RegisterExtension
    static final ThingsPostgres POSTGRES = new ThingsPostgres();

    private final ThingsFeed things = new ThingsFeed(POSTGRES);

    @Test
    void a_delete_that_logs_the_key_alone_passes_no_filter_on_another_column() throws Exception {
        Relation table = things.table(ReplicaIdentity.DEFAULT);
        Subscriber byName = things.subscribe(filtered("name=eq.a"));
        Subscriber byKey = things.subscribe(filtered("id=eq.1"));

        things.publish(things.change(table, Operation.DELETE, Row.of("1", "a"), null));

        assertThat(byName.got()).isEmpty();
        assertThat(byKey.got()).hasSize(1);
    }

    @Test
    void a_change_costs_what_it_matches_and_not_what_is_subscribed() throws Exception {
        List<Subscriber> subscribers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            subscribers.add(things.subscribe(filtered("id=eq." + i)));
        }

        things.publish(things.insert(7, "a"), things.insert(150, "b"), things.insert(1_000, "c"));

        assertThat(IntStream.range(0, 200).filter(i -> !subscribers.get(i).got().isEmpty()))
                .containsExactly(7, 150);
        assertThat(things.hub.counts().delivered()).isEqualTo(2);
    }

    @Test
    void whoever_waits_for_an_answer_keeps_the_order_and_nobody_else_waits() throws Exception {
        things.visibility.slow.add("blind");
        things.visibility.gates.put("1", new CompletableFuture<>());
        Subscriber slow = things.subscribeAs("blind", ALL);
        Subscriber quick = things.subscribe(ALL);

        things.publish(things.insert(1, "a"), things.insert(2, "b"), things.insert(3, "c"));

        assertThat(quick.rows()).containsExactly("1", "2", "3");
        assertThat(slow.got()).isEmpty();
        things.visibility.gates.get("1").complete(null);
        await().untilAsserted(() -> assertThat(slow.rows()).containsExactly("1", "2", "3"));
    }

    @Test
    void a_pattern_is_asked_of_postgres_and_its_answers_keep_the_order() throws Exception {
        Subscriber subscriber = things.subscribe(filtered("name=like.a%"), filtered("id=eq.4"));

        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            changes.add(things.insert(i, i % 2 == 0 ? "abc" : "xyz"));
        }
        things.feed.publish(changes);

        List<String> expected = IntStream.range(0, 100)
                .filter(i -> i % 2 == 0)
                .mapToObj(Integer::toString)
                .toList();
        await().untilAsserted(() -> assertThat(subscriber.rows()).containsExactlyElementsOf(expected));
    }

    @Test
    void what_can_not_be_asked_is_tried_again() throws Exception {
        things.visibility.slow.add("blind");
        things.visibility.failures.set(2);
        Subscriber subscriber = things.subscribeAs("blind", ALL);

        things.publish(things.insert(1, "a"), things.insert(2, "b"));

        await().untilAsserted(() -> assertThat(subscriber.rows()).containsExactly("1", "2"));
        assertThat(subscriber.failures()).isEmpty();
    }

    @Test
    void a_join_asks_for_no_more_than_can_be_kept_for_every_client() throws Exception {
        Subscriber most = things.subscribe(Collections.nCopies(1_000, ALL).toArray(String[]::new));
        Subscriber tooMany = things.subscribe(Collections.nCopies(1_001, ALL).toArray(String[]::new));

        assertThat(most.outcome()).isInstanceOf(SubscribeOutcome.Subscribed.class);
        assertThat(tooMany.outcome())
                .isInstanceOfSatisfying(SubscribeOutcome.Refused.class, refused -> assertThat(refused.message())
                        .contains("1001 of 1000"));
    }

    @Test
    void equal_subscriptions_are_one_audience_and_the_last_one_ends_it() throws Exception {
        Subscriber first = things.subscribe(ALL);
        Subscriber second = things.subscribe(ALL);
        assertThat(things.feed.audiences()).isEqualTo(1);

        first.close();
        things.publish(things.insert(1, "a"));
        assertThat(second.got()).hasSize(1);
        second.close();

        assertThat(things.feed.audiences()).isZero();
    }

    @Test
    void a_table_that_has_changed_is_matched_as_it_is_now() throws Exception {
        Subscriber subscriber = things.subscribe(filtered("name=eq.a"));
        things.publish(things.insert(1, "a"));
        Relation swapped = things.table(
                ReplicaIdentity.FULL,
                List.of(new Column("name", TEXT, false, true), new Column("id", INT8, true, true)));

        things.publish(things.change(swapped, Operation.INSERT, null, Row.of("a", "2")));

        assertThat(subscriber.got()).hasSize(2);
    }

    @Test
    void tables_of_the_messages_are_never_meant_by_a_wildcard() throws Exception {
        Subscriber subscriber = things.subscribe("{'event':'*','schema':'*'}");
        Relation messages = new Relation(
                1,
                "realtime",
                "messages_2026_01_01",
                ReplicaIdentity.DEFAULT,
                List.of(new Column("id", INT8, true, true)));

        things.publish(things.change(messages, Operation.INSERT, null, Row.of("1")), things.insert(2, "a"));

        assertThat(subscriber.rows()).containsExactly("2");
    }
}
