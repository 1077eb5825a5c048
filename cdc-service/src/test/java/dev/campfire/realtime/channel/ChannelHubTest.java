package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.LeakCheck;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class ChannelHubTest {

    private static final ChannelKey ROOM = ChannelKey.joined("room", false);
    private static final long LIMIT = 10_000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ChannelHub hub = new ChannelHub(allocator, LIMIT);
    private final ManualLoop loop = new ManualLoop();
    private final TextFormat format = new TextFormat();
    private final RecordingOutlet alice = new RecordingOutlet();
    private final RecordingOutlet bob = new RecordingOutlet();

    @AfterEach
    void every_buffer_has_been_released() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private Subscription join(RecordingOutlet outlet, ChannelKey key) {
        return hub.on(loop).join(key, outlet, format, "realtime:" + key.name());
    }

    private static Message push(String payload) {
        return new Message.Push("broadcast", payload.getBytes(StandardCharsets.UTF_8));
    }

    private static Event event(String channel, String payload) {
        Position position = new Position(new ChangeId(1, 2, 3), 0);
        return new Event(position, channel, "e", Instant.EPOCH, payload.getBytes(StandardCharsets.UTF_8), null);
    }

    @Test
    void delivers_events_in_their_order_to_the_subscribers_of_their_channel() throws Exception {
        join(alice, ChannelKey.joined("org:o:conv:1", false));
        join(bob, ChannelKey.joined("org:o:conv:2", false));

        hub.publish(List.of(event("org:o:conv:1", "a"), event("org:o:conv:2", "b"), event("org:o:conv:1", "c")));
        hub.publish(List.of(event("org:o:conv:1", "d")));
        loop.run();

        assertThat(alice.received()).isEqualTo("a;c;d;");
        assertThat(bob.received()).isEqualTo("b;");
    }

    @Test
    void who_hears_broadcasts_and_row_changes_hears_them_in_the_order_in_which_they_came() throws Exception {
        ChannelKey rows = ChannelKey.changes("audience");
        join(alice, ChannelKey.joined("org:o", false));
        join(alice, rows);

        for (int i = 0; i < 3; i++) {
            hub.publish(List.of(event("org:o", "event " + i)));
            hub.dispatch(List.of(new Dispatch(rows, push("row " + i))));
        }
        loop.run();

        assertThat(alice.received()).isEqualTo("event 0;row 0;event 1;row 1;event 2;row 2;");
        assertThat(alice.flushes).isEqualTo(1);
    }

    @Test
    void hands_a_loop_one_task_for_all_that_is_published_before_its_turn() throws Exception {
        join(alice, ChannelKey.joined("org:o", false));

        hub.publish(List.of(event("org:o", "a"), event("org:o", "b")));
        hub.publish(List.of(event("org:o", "c")));

        assertThat(loop.waiting()).isEqualTo(1);
        loop.run();
    }

    @Test
    void writes_what_it_was_handed_before_the_loop_comes_to_its_turn_when_it_is_told_to() throws Exception {
        join(alice, ChannelKey.joined("org:o", false));
        hub.publish(List.of(event("org:o", "a")));

        hub.on(loop).deliverFirst();
        assertThat(alice.received()).isEqualTo("a;");
        assertThat(alice.flushes).isEqualTo(1);
        hub.publish(List.of(event("org:o", "b")));
        loop.run();
        hub.publish(List.of(event("org:o", "c")));
        loop.run();

        assertThat(alice.received()).isEqualTo("a;b;c;");
        assertThat(hub.on(loop).isIdle()).isTrue();
    }

    @Test
    void a_message_for_some_reaches_them_and_nobody_else_not_even_who_came_as_nobody() throws Exception {
        RecordingOutlet carol = new RecordingOutlet();
        hub.on(loop).join(ROOM, alice, format, "realtime:room", "alice");
        Subscription second = hub.on(loop).join(ROOM, bob, format, "realtime:room", "bob");
        join(carol, ROOM);

        Set<String> both = Set.of("alice", "bob");
        hub.dispatch(List.of(
                new Dispatch(ROOM, push("1"), both),
                new Dispatch(ROOM, push("2"), both),
                new Dispatch(ROOM, push("3"), Set.of("bob")),
                new Dispatch(ROOM, push("4")),
                new Dispatch(ROOM, push("5"), Set.of())));
        loop.run();
        second.listener("robert");
        hub.dispatch(
                List.of(new Dispatch(ROOM, push("6"), Set.of("bob")), new Dispatch(ROOM, push("7"), Set.of("robert"))));
        loop.run();
        second.forgetFormerListener();
        hub.dispatch(List.of(new Dispatch(ROOM, push("8"), Set.of("bob"))));
        loop.run();

        assertThat(alice.received()).isEqualTo("1;2;4;");
        assertThat(bob.received()).isEqualTo("1;2;3;4;6;7;");
        assertThat(carol.received()).isEqualTo("4;");
        assertThat(alice.writes).as("messages for the same ones are one write").hasSize(2);
    }

    @Test
    void a_loop_without_subscribers_of_a_channel_gets_no_task() throws Exception {
        join(alice, ChannelKey.joined("org:o", false));

        hub.publish(List.of(event("org:other", "a")));

        assertThat(loop.waiting()).isZero();
    }

    @Test
    void writes_and_flushes_each_socket_once_per_turn_and_channel() throws Exception {
        join(alice, ChannelKey.joined("org:o:conv:1", false));
        join(alice, ChannelKey.joined("org:o:conv:2", false));

        hub.publish(List.of(event("org:o:conv:1", "a"), event("org:o:conv:2", "b"), event("org:o:conv:1", "c")));
        loop.run();

        assertThat(alice.writes).containsExactly("a;c;", "b;");
        assertThat(alice.flushes).isEqualTo(1);
    }

    @Test
    void encodes_a_message_once_for_all_who_share_version_and_topic() {
        join(alice, ROOM);
        join(bob, ROOM);

        hub.broadcast(ROOM, push("a"), null);
        loop.run();

        assertThat(format.encoded).hasValue(1);
        assertThat(alice.received()).isEqualTo(bob.received()).isEqualTo("a;");
    }

    @Test
    void subscribers_under_an_alias_hear_the_same_channel() throws Exception {
        join(alice, ChannelKey.joined("org:o:widget:c", true));

        hub.publish(List.of(event("org:o:conv:c", "a")));
        loop.run();

        assertThat(alice.received()).isEqualTo("a;");
    }

    @Test
    void the_private_and_the_public_side_of_a_name_do_not_hear_each_other() throws Exception {
        ChannelKey secret = ChannelKey.joined("room", true);
        join(alice, ROOM);
        join(bob, secret);

        hub.broadcast(ROOM, push("open"), null);
        hub.broadcast(secret, push("secret"), null);
        hub.publish(List.of(event("room", "row")));
        loop.run();

        assertThat(alice.received()).isEqualTo("open;");
        assertThat(bob.received()).isEqualTo("secret;row;");
    }

    @Test
    void protected_names_have_one_side_whatever_the_private_flag_says() {
        assertThat(ChannelKey.joined("org:o", true)).isEqualTo(ChannelKey.joined("org:o", false));
        assertThat(ChannelKey.joined("system:health", true)).isEqualTo(ChannelKey.joined("system:health", false));
    }

    @Test
    void a_sender_does_not_get_its_own_message_back_but_all_others() {
        Subscription sender = join(alice, ROOM);
        join(bob, ROOM);

        hub.broadcast(ROOM, push("1"), null);
        hub.broadcast(ROOM, push("own"), sender);
        hub.broadcast(ROOM, push("2"), null);
        hub.broadcast(ROOM, push("own too"), sender);
        loop.run();

        assertThat(alice.received()).isEqualTo("1;2;");
        assertThat(bob.received()).isEqualTo("1;own;2;own too;");
    }

    @Test
    void a_sender_hears_other_senders_of_the_same_turn() {
        Subscription first = join(alice, ROOM);
        Subscription second = join(bob, ROOM);

        hub.broadcast(ROOM, push("a"), first);
        hub.broadcast(ROOM, push("b"), second);
        loop.run();
        hub.broadcast(ROOM, push("c"), null);
        loop.run();

        assertThat(alice.received()).isEqualTo("b;c;");
        assertThat(bob.received()).isEqualTo("a;c;");
    }

    @Test
    void a_subscriber_that_has_left_gets_nothing_more_not_even_what_waits() {
        Subscription left = join(alice, ROOM);
        join(bob, ROOM);
        hub.broadcast(ROOM, push("a"), null);

        hub.on(loop).leave(left);
        hub.on(loop).leave(left);
        loop.run();

        assertThat(alice.writes).isEmpty();
        assertThat(alice.flushes).isZero();
        assertThat(bob.received()).isEqualTo("a;");
    }

    @Test
    void who_joins_anew_gets_what_follows_and_not_what_waited_for_those_who_have_left() throws Exception {
        Subscription first = join(alice, ROOM);
        hub.broadcast(ROOM, push("1"), null);
        hub.on(loop).leave(first);
        join(bob, ROOM);
        hub.broadcast(ROOM, push("2"), null);
        loop.run();

        assertThat(alice.received()).isEmpty();
        assertThat(bob.received()).isEqualTo("2;");
    }

    @Test
    void members_may_leave_in_any_order() {
        List<RecordingOutlet> outlets =
                IntStream.range(0, 5).mapToObj(i -> new RecordingOutlet()).toList();
        List<Subscription> subscriptions = new ArrayList<>();
        outlets.forEach(outlet -> subscriptions.add(join(outlet, ROOM)));

        List.of(1, 4, 0).forEach(i -> hub.on(loop).leave(subscriptions.get(i)));
        hub.broadcast(ROOM, push("a"), null);
        loop.run();

        assertThat(outlets.stream().map(RecordingOutlet::received)).containsExactly("", "", "a;", "a;", "");
    }

    @Test
    void what_a_format_cannot_carry_is_neither_written_nor_flushed() {
        join(alice, ROOM);

        hub.broadcast(ROOM, new Message.Broadcast("e", Message.Encoding.RAW, null, new byte[] {1}), null);
        loop.run();

        assertThat(alice.writes).isEmpty();
        assertThat(alice.flushes).isZero();
    }

    @Test
    void much_at_once_is_written_in_several_pieces_and_stays_in_order() throws Exception {
        join(alice, ChannelKey.joined("org:o", false));
        List<Event> events = IntStream.range(0, 30)
                .mapToObj(i -> event("org:o", String.valueOf(i).repeat(50_000)))
                .toList();

        hub.publish(events);
        loop.run();

        assertThat(alice.writes.size()).isBetween(5, 15);
        assertThat(alice.flushes).isEqualTo(1);
        assertThat(alice.received().replaceAll("(.)\\1{49,}", "$1"))
                .startsWith("0;1;2;")
                .endsWith(";");
        assertThat(alice.received().split(";")).hasSize(30);
    }

    @Test
    void when_frames_cannot_be_written_their_sockets_are_told_and_others_are_served() {
        join(alice, ROOM);
        ChannelKey other = ChannelKey.joined("other", false);
        join(bob, other);

        hub.broadcast(ROOM, push("fail"), null);
        hub.broadcast(other, push("a"), null);
        loop.run();

        assertThat(alice.failures).hasSize(1);
        assertThat(bob.received()).isEqualTo("a;");
        assertThat(bob.failures).isEmpty();
    }

    @Test
    void a_broadcast_says_when_a_loop_falls_behind() {
        join(alice, ROOM);
        assertThat(hub.broadcast(ROOM, push("a"), null)).isTrue();

        assertThat(hub.broadcast(ROOM, push("b".repeat((int) LIMIT)), null)).isFalse();
        assertThat(hub.isCongested()).isTrue();
        loop.run();

        assertThat(hub.isCongested()).isFalse();
        assertThat(alice.received()).hasSize((int) LIMIT + 3);
    }

    @Test
    void publishing_waits_until_a_loop_that_is_behind_has_caught_up() throws Exception {
        join(alice, ChannelKey.joined("org:o", false));
        hub.publish(List.of(event("org:o", "a".repeat((int) LIMIT))));
        Thread publisher = Thread.ofPlatform().start(() -> {
            try {
                hub.publish(List.of(event("org:o", "late")));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> publisher.getState() == Thread.State.TIMED_WAITING);

        loop.run();
        assertThat(publisher.join(Duration.ofSeconds(10))).isTrue();
        loop.run();

        assertThat(alice.received()).endsWith(";late;");
    }

    @Test
    void a_loop_that_has_ended_holds_nobody_back() throws Exception {
        join(alice, ChannelKey.joined("org:o", false));
        loop.end();

        hub.publish(List.of(event("org:o", "a".repeat((int) LIMIT))));
        hub.publish(List.of(event("org:o", "b")));

        assertThat(hub.isCongested()).isFalse();
    }

    @Test
    void counts_what_there_is_and_what_was() throws Exception {
        Subscription subscription = join(alice, ChannelKey.joined("org:o", false));
        join(bob, ChannelKey.joined("org:o", false));
        hub.publish(List.of(event("org:o", "a"), event("org:nobody", "b")));
        hub.broadcast(subscription.key(), push("c"), null);
        long backlog = hub.counts().backlogBytes();
        loop.run();
        hub.on(loop).leave(subscription);

        assertThat(backlog).isPositive();
        assertThat(hub.counts()).isEqualTo(new HubCounts(1, 1, 2, 1, 4, 0));
    }

    @Test
    void forgets_a_channel_when_its_last_subscriber_has_left() {
        hub.on(loop).leave(join(alice, ROOM));

        assertThat(hub.counts()).isEqualTo(new HubCounts(0, 0, 0, 0, 0, 0));
    }
}
