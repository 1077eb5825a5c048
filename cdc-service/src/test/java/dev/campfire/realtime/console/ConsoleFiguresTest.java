package dev.campfire.realtime.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeBatch;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.ChangeSink;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.channel.ChannelKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The figures of the console: history, latency, channels. */
final class ConsoleFiguresTest {

    private static Sample sample(long at) {
        return new Sample(at, 0, 0, 0, 0, 0, null, null);
    }

    @Test
    void a_page_gets_the_samples_that_it_has_not_got() {
        History history = new History(3);
        for (int at = 1; at <= 2; at++) {
            history.add(sample(at));
        }

        assertThat(history.after(0).samples()).extracting(Sample::at).containsExactly(1L, 2L);
        assertThat(history.after(1).samples()).extracting(Sample::at).containsExactly(2L);
        assertThat(history.after(2).samples()).isEmpty();
        assertThat(history.after(2).last()).isEqualTo(2);
    }

    @Test
    void what_is_too_old_is_not_kept_and_a_number_of_another_service_gets_all() {
        History history = new History(3);
        for (int at = 1; at <= 5; at++) {
            history.add(sample(at));
        }

        assertThat(history.after(1).samples()).extracting(Sample::at).containsExactly(3L, 4L, 5L);
        assertThat(history.after(400).samples()).extracting(Sample::at).containsExactly(3L, 4L, 5L);
    }

    @Test
    void latency_is_taken_from_commit_to_the_end_of_publication() throws Exception {
        Instant commit = Instant.parse("2026-11-19T00:22:40Z");
        Instant[] now = {commit};
        ChangeSink sink = new ChangeSink() {
            @Override
            public void begin(StreamStart start) {}

            @Override
            public void accept(ChangeBatch batch) {
                now[0] = commit.plusMillis(7);
            }
        };
        CommitLatency latency = new CommitLatency(sink, () -> now[0]);
        Change change = new Change(new ChangeId(1, 2, 3), 1, commit, Operation.MESSAGE, null, null, null, null);

        latency.accept(new ChangeBatch(List.of(change), 0));

        assertThat(latency.take()).hasValue(new CommitLatency.Summary(Duration.ofMillis(7), Duration.ofMillis(7)));
        assertThat(latency.take()).isEmpty();
    }

    @Test
    void of_many_channels_those_with_most_subscribers_are_told() {
        Map<ChannelKey, Integer> subscribers = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            subscribers.put(ChannelKey.joined("room:" + i, false), i == 4711 ? 50 : 1);
        }

        JsonNode all = ChannelTable.of(subscribers, "", 100);
        JsonNode some = ChannelTable.of(subscribers, "ROOM:471", 100);

        assertThat(all.path("total").asInt()).isEqualTo(10_000);
        assertThat(all.path("channels")).hasSize(100);
        assertThat(all.at("/channels/0/name").asText()).isEqualTo("room:4711");
        assertThat(all.at("/channels/0/subscribers").asInt()).isEqualTo(50);
        assertThat(some.path("found").asInt()).isEqualTo(11);
        assertThat(some.path("channels")).hasSize(11);
    }
}
