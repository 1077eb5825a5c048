package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.LeakCheck;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What subscribers get who ask for what was before while more comes. */
@ExtendWith(LeakCheck.class)
final class HeldSubscriptionTest {

    private static final ChannelKey ROOM = ChannelKey.joined("room", true);

    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(true), Long.MAX_VALUE);
    private final ManualLoop loop = new ManualLoop();
    private final TextFormat format = new TextFormat();
    private final RecordingOutlet outlet = new RecordingOutlet();

    @Test
    void keeps_messages_aside_in_order_until_the_release() {
        Subscription held = hold(outlet);
        publish(1);
        publish(2);
        loop.run();
        assertThat(outlet.writes).isEmpty();

        hub.on(loop).release(held, any -> true);
        publish(3);
        loop.run();

        assertThat(outlet.received()).isEqualTo("1;2;3;");
    }

    @Test
    void encodes_nothing_for_those_who_are_held() {
        hold(outlet);
        publish(1);
        loop.run();

        assertThat(format.encoded).hasValue(0);
    }

    @Test
    void leaves_out_what_is_not_wanted_also_when_it_comes_after_the_release() {
        Subscription held = hold(outlet);
        publish(1);
        loop.run();
        hub.on(loop).release(held, not(Set.of(1, 2)));
        publish(2);
        publish(3);
        loop.run();

        assertThat(outlet.received()).isEqualTo("3;");
    }

    @Test
    void shares_frames_with_the_others_once_it_has_settled() {
        RecordingOutlet other = new RecordingOutlet();
        hub.on(loop).join(ROOM, other, format, "realtime:room");
        Subscription held = hold(outlet);
        hub.on(loop).release(held, not(Set.of(1)));
        hub.on(loop).settle(held);
        publish(1);
        loop.run();

        assertThat(outlet.received()).isEqualTo("1;");
        assertThat(other.received()).isEqualTo("1;");
        assertThat(format.encoded).hasValue(1);
    }

    @Test
    void gives_a_released_subscriber_not_back_what_it_said_itself() {
        Subscription held = hold(outlet);
        hub.on(loop).release(held, any -> true);
        hub.broadcast(ROOM, message(1), held);
        publish(2);
        loop.run();

        assertThat(outlet.received()).isEqualTo("2;");
    }

    @Test
    void forgets_the_channel_when_somebody_leaves_who_is_held_or_released_or_has_settled() {
        for (int step = 0; step < 3; step++) {
            Subscription subscription = hold(new RecordingOutlet());
            if (step > 0) {
                hub.on(loop).release(subscription, any -> true);
            }
            if (step > 1) {
                hub.on(loop).settle(subscription);
            }
            assertThat(hub.hasSubscribers(ROOM)).isTrue();
            hub.on(loop).leave(subscription);
            hub.on(loop).settle(subscription);
            hub.on(loop).leave(subscription);

            assertThat(hub.hasSubscribers(ROOM)).isFalse();
            assertThat(hub.counts().subscriptions()).isZero();
        }
    }

    @Test
    void ends_a_subscriber_whose_kept_messages_cannot_be_written() {
        Subscription held = hold(outlet);
        hub.broadcast(ROOM, new Message.Push("any", "fail".getBytes(StandardCharsets.UTF_8)), null);
        loop.run();
        hub.on(loop).release(held, any -> true);
        hub.on(loop).leave(held);

        assertThat(outlet.failures).hasSize(1);
        assertThat(hub.hasSubscribers(ROOM)).isFalse();
    }

    @Test
    void says_when_too_much_was_kept() {
        Subscription held = hold(outlet);
        byte[] megabyte = new byte[1024 * 1024];
        for (int i = 0; i < 9; i++) {
            hub.broadcast(ROOM, new Message.Push("any", megabyte), null);
            loop.run();
            assertThat(held.isOverfull()).isEqualTo(i >= 8 - 1);
        }
    }

    /** A table that messages are committed to, a stream that brings them later, and somebody who joins meanwhile. */
    @Test
    void neither_loses_nor_doubles_anything_however_table_and_stream_and_join_interleave() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            assertThat(replayed_and_live(random))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    private List<Integer> expected = List.of();

    private List<Integer> replayed_and_live(Random random) {
        RecordingOutlet client = new RecordingOutlet();
        List<Integer> got = new ArrayList<>();
        int committed = 0;
        int streamed = 0;
        int stage = 0;
        Subscription subscription = null;
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> committed++;
                case 2, 3 -> {
                    if (streamed < committed) {
                        publish(++streamed);
                    }
                }
                case 4 -> loop.run();
                default -> {
                    if (stage == 0) {
                        subscription = hold(client);
                    } else if (stage == 1) {
                        for (int i = 1; i <= committed; i++) {
                            got.add(i);
                        }
                    } else if (stage == 2 && subscription != null) {
                        hub.on(loop).release(subscription, not(new HashSet<>(got)));
                    } else if (stage == 3 && subscription != null && !got.isEmpty() && streamed >= got.getLast()) {
                        loop.run();
                        hub.on(loop).settle(subscription);
                    }
                    stage++;
                }
            }
        }
        while (streamed < committed) {
            publish(++streamed);
        }
        loop.run();
        if (subscription != null) {
            if (stage < 3) {
                // Refused before it was released: it has got nothing.
                assertThat(client.writes).isEmpty();
                committed = got.isEmpty() ? 0 : got.getLast();
            }
            hub.on(loop).leave(subscription);
        } else {
            committed = 0;
        }
        if (!client.writes.isEmpty()) {
            Arrays.stream(client.received().split(";")).map(Integer::valueOf).forEach(got::add);
        }
        List<Integer> all = new ArrayList<>();
        for (int i = 1; i <= committed; i++) {
            all.add(i);
        }
        expected = all;
        return got;
    }

    private Subscription hold(RecordingOutlet to) {
        return hub.on(loop).joinHeld(ROOM, to, format, "realtime:room", null);
    }

    private void publish(int number) {
        hub.broadcast(ROOM, message(number), null);
    }

    private static Message message(int number) {
        String id = Integer.toString(number);
        return new Message.Broadcast(
                "said", Message.Encoding.JSON, id, null, id.getBytes(StandardCharsets.US_ASCII), null);
    }

    private static Predicate<Message> not(Set<Integer> numbers) {
        return message -> message instanceof Message.Broadcast broadcast
                && broadcast.id() != null
                && !numbers.contains(Integer.valueOf(broadcast.id()));
    }
}
