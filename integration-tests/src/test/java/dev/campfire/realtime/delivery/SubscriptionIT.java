package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever has been told that it is subscribed misses nothing that is committed later. */
@ExtendWith(SharedBackend.class)
class SubscriptionIT {

    private final Backend backend;

    SubscriptionIT(Backend backend) {
        this.backend = backend;
    }

    @Test
    void a_commit_right_after_the_joins_reply_arrives() {
        try (PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), "2.0.0")) {
            Conversation first = backend.conversation();
            for (int i = 0; i < 20; i++) {
                Conversation conversation = first.another();

                socket.join(conversation.channel());
                String message = conversation.say("right after").toString();

                assertThat(socket.awaitBroadcast("message:created")
                                .payload()
                                .at("/payload/record/id")
                                .asText())
                        .isEqualTo(message);
            }
        }
    }

    @Test
    void what_was_committed_before_the_join_does_not_arrive() {
        Conversation conversation = backend.conversation();
        try (PhoenixSocket witness = PhoenixSocket.open(backend.service().port(), "2.0.0");
                PhoenixSocket late = PhoenixSocket.open(backend.service().port(), "2.0.0")) {
            witness.join(conversation.channel());
            conversation.say("before");
            witness.awaitBroadcast("message:created");

            late.join(conversation.channel());
            conversation.say("after");

            assertThat(late.awaitBroadcast("message:created")
                            .payload()
                            .at("/payload/record/content")
                            .asText())
                    .isEqualTo("after");
        }
    }

    @Test
    void nothing_arrives_after_leaving() {
        Conversation conversation = backend.conversation();
        try (PhoenixSocket witness = PhoenixSocket.open(backend.service().port(), "2.0.0");
                PhoenixSocket leaver = PhoenixSocket.open(backend.service().port(), "2.0.0")) {
            witness.join(conversation.channel());
            String join = leaver.join(conversation.channel());
            leaver.awaitReply(leaver.push(join, "realtime:" + conversation.channel(), "phx_leave", Map.of()));
            leaver.awaitEvent("phx_close");

            conversation.say("after leaving");
            witness.awaitBroadcast("message:created");

            assertThat(leaver.drain()).isEmpty();
        }
    }

    @Test
    void a_rolled_back_change_does_not_arrive() throws SQLException {
        Conversation conversation = backend.conversation();
        try (PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), "2.0.0");
                Connection connection = backend.database().connect();
                Statement statement = connection.createStatement()) {
            socket.join(conversation.channel());
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO messages (conversation_id, organization_id, content, sender_type) VALUES ('"
                    + conversation.id() + "', '" + conversation.organization() + "', 'never', 'agent')");
            connection.rollback();

            conversation.say("committed");

            assertThat(socket.awaitBroadcast("message:created")
                            .payload()
                            .at("/payload/record/content")
                            .asText())
                    .isEqualTo("committed");
        }
    }

    @Test
    void every_subscriber_sees_concurrent_writers_in_the_same_order() throws Exception {
        Conversation conversation = backend.conversation();
        int writers = 4;
        int each = 50;
        try (PhoenixSocket one = PhoenixSocket.open(backend.service().port(), "1.0.0");
                PhoenixSocket two = PhoenixSocket.open(backend.service().port(), "2.0.0")) {
            one.join(conversation.channel());
            two.join(conversation.channel());

            List<Callable<Void>> work = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                work.add(() -> {
                    IntStream.range(0, each).forEach(i -> conversation.say("message " + i));
                    return null;
                });
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
                for (Future<Void> done : threads.invokeAll(work)) {
                    done.get();
                }
            }

            List<String> ofOne = positions(one, writers * each);
            assertThat(ofOne).isSorted().doesNotHaveDuplicates();
            assertThat(positions(two, writers * each)).isEqualTo(ofOne);
        }
    }

    private static List<String> positions(PhoenixSocket socket, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> socket.awaitBroadcast("message:created")
                        .payload()
                        .at("/payload/id")
                        .asText())
                .toList();
    }
}
