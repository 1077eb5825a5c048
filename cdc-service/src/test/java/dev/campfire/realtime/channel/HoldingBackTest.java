package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who waits for whom when a client is behind. */
final class HoldingBackTest {

    private static final ChannelKey ROOM = ChannelKey.joined("room", false);
    private static final long FAR_BEHIND = 2 << 20;

    private long now;
    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(true), 10, () -> now);
    private final ManualLoop loop = new ManualLoop();
    private final RecordingOutlet reader = new RecordingOutlet();

    @Test
    void holds_publishers_back_for_a_client_that_is_behind_and_reads() {
        falls_behind();

        assertThat(isHeldBack()).isTrue();
        reader.taken += 1000;
        later(Duration.ofMillis(200));
        assertThat(isHeldBack()).isTrue();
        reader.taken += 1000;
        later(Duration.ofMillis(200));
        assertThat(isHeldBack()).isTrue();
    }

    @Test
    void goes_on_when_the_client_has_caught_up() {
        falls_behind();
        assertThat(isHeldBack()).isTrue();

        reader.waiting = 100;

        assertThat(isHeldBack()).isFalse();
    }

    @Test
    void does_not_wait_for_a_client_that_has_stopped_reading() {
        falls_behind();
        assertThat(isHeldBack()).isTrue();

        later(Duration.ofMillis(1001));

        assertThat(isHeldBack()).isFalse();
    }

    @Test
    void does_not_wait_for_one_client_for_ever() {
        falls_behind();
        for (int i = 0; i < 101; i++) {
            isHeldBack();
            reader.taken += 1;
            later(Duration.ofMillis(100));
        }

        assertThat(isHeldBack()).isFalse();
    }

    @Test
    void does_not_wait_again_for_a_client_that_was_given_up_until_it_has_caught_up() {
        falls_behind();
        later(Duration.ofMillis(1001));
        assertThat(isHeldBack()).isFalse();

        reader.taken += 1000;
        publish();
        assertThat(isHeldBack()).isFalse();

        reader.waiting = 0;
        publish();
        falls_behind();
        assertThat(isHeldBack()).isTrue();
    }

    @Test
    void waits_for_nobody_who_is_one_of_few_among_many_that_keep_up() {
        for (int i = 0; i < 11; i++) {
            hub.on(loop).connected();
        }
        falls_behind();
        assertThat(isHeldBack()).isFalse();

        hub.on(loop).disconnected();
        publish();

        assertThat(isHeldBack()).isTrue();
    }

    private void falls_behind() {
        if (reader.writes.isEmpty()) {
            hub.on(loop).join(ROOM, reader, new TextFormat(), "realtime:room");
        }
        reader.waiting = FAR_BEHIND;
        publish();
    }

    private void publish() {
        hub.broadcast(ROOM, new Message.Push("broadcast", "more than ten".getBytes(StandardCharsets.UTF_8)), null);
        loop.run();
    }

    /** As a publisher sees it that asks, lets the loop look, and asks again. */
    private boolean isHeldBack() {
        hub.isCongested();
        loop.run();
        boolean held = hub.isCongested();
        loop.run();
        return held;
    }

    private void later(Duration time) {
        now += time.toNanos();
    }
}
