package dev.campfire.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LoopBacklogTest {

    private static final List<Delivery> LIST = List.of(new Delivery(
            new LocalChannel(ChannelKey.joined("room", false), null),
            new Message.Push("broadcast", new byte[] {'{', '}'}),
            null));

    private final LoopBacklog backlog = new LoopBacklog(LoopBacklog.size(LIST));

    @Test
    void one_turn_is_scheduled_for_all_that_is_added_before_its_end() {
        assertThat(backlog.add(LIST)).isTrue();
        assertThat(backlog.add(LIST)).isFalse();
        backlog.poll();

        assertThat(backlog.endTurn()).as("there is more to do").isTrue();
        backlog.poll();
        assertThat(backlog.endTurn()).isFalse();
        assertThat(backlog.add(LIST)).isTrue();
    }

    @Test
    void it_is_full_beyond_its_limit_and_says_when_there_is_room_again() {
        long size = LoopBacklog.size(LIST);
        backlog.add(LIST);
        assertThat(backlog.isFull()).isFalse();
        backlog.add(LIST);
        assertThat(backlog.isFull()).isTrue();

        assertThat(backlog.release(size)).isTrue();
        assertThat(backlog.isFull()).isFalse();
        assertThat(backlog.release(size)).isFalse();
    }

    /** The next list is added at the very moment in which the turn that took the one before comes to its end. */
    @Test
    void what_is_added_while_a_turn_ends_is_not_forgotten() throws Exception {
        Semaphore taken = new Semaphore(0);
        try (ExecutorService loop = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < 100_000; i++) {
                if (backlog.add(LIST)) {
                    loop.execute(() -> turn(loop, taken));
                }
                assertThat(taken.tryAcquire(10, TimeUnit.SECONDS))
                        .as("list %d was taken", i)
                        .isTrue();
            }
        }
    }

    private void turn(ExecutorService loop, Semaphore taken) {
        if (backlog.poll() != null) {
            taken.release();
        }
        if (backlog.endTurn()) {
            loop.execute(() -> turn(loop, taken));
        }
    }
}
