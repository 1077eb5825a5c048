package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.FrameFormat;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.mapping.RuleMapping;
import dev.campfire.realtime.mapping.UnmappedChanges;
import dev.campfire.realtime.mapping.rules.MappingRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Who gets which event of a row, and how much of it. */
final class EventLaneTest {

    private static final String ORGANISATION = "00000000-0000-0000-0000-0000000000aa";
    private static final String CONVERSATION = "00000000-0000-0000-0000-0000000000bb";
    private static final String OTHER = "00000000-0000-0000-0000-0000000000cc";
    private static final ChannelKey CHANNEL = channel(CONVERSATION);

    private final Executor loop = Runnable::run;
    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 1_000_000);
    private final FakeVisibility visibility = new FakeVisibility();
    private final EventLane lane = new EventLane(
            hub, new Database(new DatabaseSettings("127.0.0.1", 1, "nowhere", "nobody", "", Map.of()), 1), visibility);
    private final RuleMapping mapping = new RuleMapping(MappingRules.builtIn(), new UnmappedChanges());
    private final Relation messages = new Relation(
            1,
            "public",
            "messages",
            ReplicaIdentity.FULL,
            List.of(
                    column("id", true),
                    column("organization_id", false),
                    column("conversation_id", false),
                    column("content", false),
                    column("status", false)));
    private long commits;

    private static Column column(String name, boolean isKey) {
        return new Column(name, PostgresType.base(25, "text"), isKey, true);
    }

    private static ChannelKey channel(String conversation) {
        return ChannelKey.joined("org:" + ORGANISATION + ":conv:" + conversation, false);
    }

    /** Somebody on a channel: the events as they came, names and payloads. */
    private final class Listener {
        final LinesOutlet outlet = new LinesOutlet();
        final List<String> got = outlet.got;
        final List<String> failures = new CopyOnWriteArrayList<>();
        final ChangeSubscription place;

        Listener(String role, ChannelKey key) {
            this(new Viewer(role, "{}"), key);
        }

        Listener(Viewer viewer, ChannelKey key) {
            place = lane.enter(key, viewer, failures::add);
            FrameFormat format = topic -> new FrameEncoder() {
                @Override
                public void encode(Message message, ByteBuf out) {
                    Message.Broadcast event = (Message.Broadcast) message;
                    out.writeCharSequence(
                            event.event() + " " + new String(event.payload(), StandardCharsets.UTF_8) + "\n",
                            StandardCharsets.UTF_8);
                }

                @Override
                public int overhead() {
                    return 64;
                }
            };
            hub.on(loop).join(key, outlet, format, "realtime:" + key.name(), viewer);
        }

        List<String> names() {
            return got.stream()
                    .map(text -> text.substring(0, text.indexOf(' ')))
                    .toList();
        }
    }

    private Row row(String id, String conversation, String content) {
        return Row.of(id, ORGANISATION, conversation, content, "sent");
    }

    private void publish(Operation operation, Row before, Row after) throws Exception {
        Change change =
                new Change(new ChangeId(1, ++commits, 0), 1, Instant.EPOCH, operation, messages, before, after, null);
        List<Event> events = new ArrayList<>();
        mapping.map(change, events::add);
        lane.publish(events);
    }

    @Test
    void an_event_of_a_row_reaches_those_who_may_see_the_row() throws Exception {
        Listener seeing = new Listener("authenticated", CHANNEL);
        Listener blind = new Listener("anon", CHANNEL);
        visibility.blind.add("anon");

        publish(Operation.INSERT, null, row("1", CONVERSATION, "hello"));

        assertThat(seeing.names()).containsExactly("message:created");
        assertThat(blind.got).isEmpty();
        assertThat(hub.counts().published()).isEqualTo(1);
    }

    @Test
    void what_tells_of_no_row_is_for_everybody_on_the_channel() throws Exception {
        Listener blind = new Listener("anon", CHANNEL);
        visibility.blind.add("anon");

        lane.publish(List.of(new Event(
                new Position(new ChangeId(1, 1, 0), 0),
                CHANNEL.name(),
                "hello",
                Instant.EPOCH,
                new byte[] {'1'},
                null)));

        assertThat(blind.got).containsExactly("hello 1");
    }

    @Test
    void columns_that_the_role_may_not_read_are_absent() throws Exception {
        Listener some = new Listener("authenticated", CHANNEL);
        visibility.columns.clear(3);

        publish(Operation.INSERT, null, row("1", CONVERSATION, "secret"));

        assertThat(some.got.getFirst()).contains("\"status\":\"sent\"").doesNotContain("secret", "content");
    }

    @Test
    void an_old_image_that_was_not_visible_is_not_shown_beside_the_new_one() throws Exception {
        Listener some = new Listener("authenticated", CHANNEL);
        visibility.blindToOld.add("authenticated");

        publish(Operation.UPDATE, row("1", CONVERSATION, "before"), row("1", CONVERSATION, "after"));

        assertThat(some.got.getFirst())
                .startsWith("message:updated")
                .contains("\"content\":\"after\"", "\"old_record\":{\"id\":\"1\"}")
                .doesNotContain("before");
    }

    @Test
    void a_row_that_moves_away_is_told_only_to_those_who_saw_it() throws Exception {
        Listener saw = new Listener("authenticated", CHANNEL);
        Listener sees = new Listener("anon", channel(OTHER));
        Listener never = new Listener("service_role", CHANNEL);
        visibility.blindToOld.add("service_role");

        publish(Operation.UPDATE, row("1", CONVERSATION, "x"), row("1", OTHER, "x"));

        assertThat(saw.names()).containsExactly("message:deleted");
        assertThat(sees.names()).containsExactly("message:created");
        assertThat(never.got).isEmpty();
    }

    @Test
    void who_waits_for_a_check_keeps_the_order_and_holds_up_nobody_else() throws Exception {
        Listener quick = new Listener("authenticated", CHANNEL);
        Listener waiting = new Listener("anon", CHANNEL);
        visibility.slow.add("anon");
        CompletableFuture<Void> gate = new CompletableFuture<>();
        visibility.gates.put("1", gate);

        publish(Operation.INSERT, null, row("1", CONVERSATION, "one"));
        visibility.slow.clear();
        publish(Operation.INSERT, null, row("2", CONVERSATION, "two"));
        lane.publish(List.of(new Event(
                new Position(new ChangeId(1, 9, 0), 0),
                CHANNEL.name(),
                "last",
                Instant.EPOCH,
                new byte[] {'1'},
                null)));
        assertThat(quick.names()).containsExactly("message:created", "message:created", "last");
        assertThat(waiting.got).isEmpty();
        gate.complete(null);

        await().until(() -> waiting.got.size() == 3);
        assertThat(waiting.got.get(0)).contains("one");
        assertThat(waiting.got.get(1)).contains("two");
        assertThat(waiting.got.get(2)).startsWith("last");
        assertThat(quick.got).hasSize(3);
    }

    @Test
    void of_one_role_only_those_wait_who_are_not_known() throws Exception {
        Listener known = new Listener(new Viewer("authenticated", "known"), CHANNEL);
        Listener slow = new Listener(new Viewer("authenticated", "slow"), CHANNEL);
        Listener slowAndBlind = new Listener(new Viewer("authenticated", "slow and blind"), CHANNEL);
        Listener blind = new Listener(new Viewer("authenticated", "blind"), CHANNEL);
        visibility.slowClaims.addAll(List.of("slow", "slow and blind"));
        visibility.blindClaims.addAll(List.of("blind", "slow and blind"));
        CompletableFuture<Void> gate = new CompletableFuture<>();
        visibility.gates.put("1", gate);

        publish(Operation.INSERT, null, row("1", CONVERSATION, "one"));
        visibility.slowClaims.clear();
        publish(Operation.INSERT, null, row("2", CONVERSATION, "two"));

        assertThat(known.got).hasSize(2);
        assertThat(slow.got).isEmpty();
        gate.complete(null);
        await().until(() -> slow.got.size() == 2 && lane.isQuiet());
        assertThat(slow.got.get(0)).contains("one");
        assertThat(slow.got.get(1)).contains("two");
        assertThat(blind.got).isEmpty();
        assertThat(slowAndBlind.got).isEmpty();
        assertThat(known.got).hasSize(2);
        await().untilAsserted(() ->
                assertThat(lane.withheldChanges().counts().values()).containsExactly(4L));
    }

    @Test
    void a_place_that_was_given_back_is_not_judged_any_more() throws Exception {
        Listener gone = new Listener("anon", CHANNEL);
        gone.place.close();
        gone.place.close();

        publish(Operation.INSERT, null, row("1", CONVERSATION, "hello"));

        assertThat(gone.got).isEmpty();
        assertThat(lane.audience(CHANNEL)).isNull();
    }

    @Test
    void those_who_all_wait_get_the_same_in_the_order_of_the_changes_whenever_the_answers_come() throws Exception {
        List<Listener> listeners = new ArrayList<>();
        for (String role : List.of("anon", "authenticated", "service_role")) {
            listeners.add(new Listener(role, CHANNEL));
            visibility.slow.add(role);
        }
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> second = new CompletableFuture<>();
        visibility.gates.put("1", first);
        visibility.gates.put("2", second);
        publish(Operation.INSERT, null, row("1", CONVERSATION, "one"));
        publish(Operation.INSERT, null, row("2", CONVERSATION, "two"));
        publish(Operation.INSERT, null, row("3", CONVERSATION, "three"));

        second.complete(null);
        assertThat(listeners).allSatisfy(listener -> assertThat(listener.got).isEmpty());
        first.complete(null);

        for (Listener listener : listeners) {
            await().until(() -> listener.got.size() == 3);
            assertThat(listener.got.get(0)).contains("one");
            assertThat(listener.got.get(1)).contains("two");
            assertThat(listener.got.get(2)).contains("three");
        }
        visibility.slow.clear();
        publish(Operation.INSERT, null, row("4", CONVERSATION, "four"));
        assertThat(listeners).allSatisfy(listener -> assertThat(listener.got).hasSize(4));
    }
}
