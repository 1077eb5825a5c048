package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.FaultProxy;
import dev.campfire.realtime.support.HistoryChecker;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.SupabaseChannel;
import dev.campfire.realtime.support.SupabaseClient;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A burst larger than what may wait for one socket, and clients that do not take it as fast as it comes. */
@ExtendWith(SharedBackend.class)
class SlowReaderIT {

    private static final int ROWS = 40_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Backend backend;
    private final Conversation conversation;
    private final MessageCopy messages;

    SlowReaderIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
        this.messages = new MessageCopy(conversation);
    }

    @Test
    void a_client_behind_a_slow_line_gets_every_row() throws SQLException {
        try (FaultProxy line = new FaultProxy("127.0.0.1", backend.service().port());
                SupabaseClient client = SupabaseClient.connect("http://127.0.0.1:" + line.port())) {
            SupabaseChannel channel = client.subscribe(conversation.channel());
            line.limit(8_000_000);

            messages.copy(0, ROWS);

            HistoryChecker.of(channel.awaitDeliveries(ROWS, PATIENCE))
                    .hasNoDuplicates()
                    .isInOrder()
                    .hasExactlyInOrder("content", MessageCopy.contents(ROWS));
            assertThat(channel.statuses()).containsExactly("SUBSCRIBED");
        }
    }

    @Test
    void a_client_that_reads_nothing_is_let_go_and_takes_nothing_from_the_others() throws SQLException {
        try (FaultProxy line = new FaultProxy("127.0.0.1", backend.service().port());
                PhoenixSocket silent = PhoenixSocket.open(line.port(), "2.0.0");
                SupabaseClient client = SupabaseClient.connect(backend.service().url())) {
            silent.join(conversation.channel());
            SupabaseChannel channel = client.subscribe(conversation.channel());
            line.goSilent();

            messages.copy(0, ROWS);
            HistoryChecker.of(channel.awaitDeliveries(ROWS, PATIENCE))
                    .hasExactlyInOrder("content", MessageCopy.contents(ROWS));
            line.restore();

            // The close frame says why, unless the server cut the connection before it could be sent.
            assertThat(silent.raw().awaitClose(PATIENCE).code()).isIn(1013, 1006);
        }
    }
}
