package dev.campfire.realtime.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ChangeQueueTest {

    private static final Duration AT_ONCE = Duration.ZERO;
    private final ChangeQueue queue = new ChangeQueue(100);

    @Test
    void gives_at_once_all_that_has_gathered_in_order() throws Exception {
        queue.offer(List.of(change(1), change(2)), 20, 5, AT_ONCE);
        queue.offer(List.of(change(3)), 10, 7, AT_ONCE);

        ChangeBatch batch = queue.take(AT_ONCE);

        assertThat(batch.changes()).extracting(change -> change.id().index()).containsExactly(1, 2, 3);
        assertThat(batch.completeThrough()).isEqualTo(7);
        assertThat(queue.take(AT_ONCE)).isNull();
    }

    @Test
    void has_room_for_anything_when_it_is_empty_and_for_nothing_beyond_its_bytes() throws Exception {
        assertThat(queue.offer(List.of(change(1)), 1000, 0, AT_ONCE)).isTrue();
        assertThat(queue.offer(List.of(change(2)), 1, 0, AT_ONCE)).isFalse();

        queue.take(AT_ONCE);

        assertThat(queue.offer(List.of(change(2)), 1, 0, AT_ONCE)).isTrue();
    }

    @Test
    void hands_over_progress_without_changes() throws Exception {
        queue.offer(List.of(), 0, 9, AT_ONCE);

        assertThat(queue.take(AT_ONCE)).isEqualTo(new ChangeBatch(List.of(), 9));
    }

    @Test
    void tells_of_a_failure_only_when_everything_before_it_was_taken() throws Exception {
        queue.offer(List.of(change(1)), 1, 0, AT_ONCE);
        queue.fail(new IllegalStateException("gone"));

        assertThat(queue.failure()).isNull();
        queue.take(AT_ONCE);
        assertThat(queue.failure()).hasMessage("gone");
    }

    @Test
    void wakes_a_reader_that_waits_for_room_when_it_is_closed() throws Exception {
        queue.offer(List.of(change(1)), 1000, 0, AT_ONCE);
        Thread reader = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> queue.offer(List.of(change(2)), 1, 0, Duration.ofMinutes(1)))
                        .isInstanceOf(InterruptedException.class));
        Awaitility.await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);

        queue.close();

        assertThat(reader.join(Duration.ofSeconds(5))).isTrue();
    }

    private static Change change(int index) {
        ChangeId id = new ChangeId(0, 1, index);
        return new Change(id, 1, Instant.EPOCH, Operation.TRUNCATE, null, null, null, null);
    }
}
