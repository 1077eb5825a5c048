package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.HistoryChecker;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Postgres ends the replication connection at the worst moments, and no client notices. */
@ExtendWith(SharedBackend.class)
class WalsenderLossIT {

    private static final int ROWS = 40_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Backend backend;
    private final Conversation conversation;
    private final MessageCopy messages;

    WalsenderLossIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
        this.messages = new MessageCopy(conversation);
    }

    @AfterEach
    void leave_the_service_streaming() {
        backend.service().awaitHealthy();
    }

    @Test
    void a_copy_of_40_000_rows_arrives_whole_when_the_walsender_ends_while_it_is_sent() throws SQLException {
        try (SupabaseClient client = SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());

            messages.copy(0, ROWS);
            channel.awaitDeliveries(1);
            int ended = backend.database().terminateWalsender();
            int arrivedBefore = channel.deliveryCount();
            channel.awaitDeliveries(ROWS, PATIENCE);

            assertThat(ended).as("walsenders ended").isEqualTo(1);
            assertThat(arrivedBefore)
                    .as("rows that had arrived when the walsender ended")
                    .isLessThan(ROWS);
            assertWhole(channel, ROWS);
        }
    }

    @Test
    void a_copy_of_40_000_rows_arrives_whole_when_the_walsender_ends_while_it_is_written() throws SQLException {
        try (SupabaseClient client = SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());

            messages.copy(0, ROWS, () -> assertThat(backend.database().terminateWalsender())
                    .isEqualTo(1));

            channel.awaitDeliveries(ROWS, PATIENCE);
            assertWhole(channel, ROWS);
        }
    }

    @Test
    void everything_arrives_once_and_in_order_when_the_walsender_ends_again_and_again() throws SQLException {
        long seed = System.nanoTime();
        System.out.println("[integration tests] seed of the walsender's ends: " + seed);
        Random random = new Random(seed);
        try (SupabaseClient client = SupabaseClient.connect(backend.service().url())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());
            int written = 0;
            int ends = 0;
            for (int round = 0; round < 12; round++) {
                for (int transaction = 0; transaction < 20; transaction++) {
                    int size = random.nextInt(10) == 0 ? 500 + random.nextInt(1_000) : 1 + random.nextInt(70);
                    messages.copy(written, written + size);
                    written += size;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
                ends += backend.database().terminateWalsender();
            }

            channel.awaitDeliveries(written, PATIENCE);

            assertThat(ends).as("walsenders ended").isPositive();
            assertWhole(channel, written);
        }
    }

    /** What comes late or twice has come by the time that something committed afterwards has. */
    private void assertWhole(SupabaseChannel channel, int rows) {
        conversation.say("the end");
        await().atMost(PATIENCE).until(() -> channel.deliveries()
                .getLast()
                .record("content")
                .asText()
                .equals("the end"));
        HistoryChecker.of(channel.deliveries().stream()
                        .filter(delivery -> !delivery.record("content").asText().equals("the end"))
                        .toList())
                .hasNoDuplicates()
                .isInOrder()
                .hasExactlyInOrder("content", MessageCopy.contents(rows));
    }
}
