package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that were away and go on where they stopped. */
@ExtendWith(SharedBackend.class)
@Apart
class ResumeIT {

    private final Backend backend;
    private final Conversation conversation;
    private final List<PhoenixSocket> sockets = new ArrayList<>();

    ResumeIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
    }

    @AfterEach
    void close() {
        sockets.forEach(PhoenixSocket::close);
    }

    private PhoenixSocket open(String vsn) {
        return open(vsn, Tokens.authenticated(conversation.agent().toString()));
    }

    private PhoenixSocket open(String vsn, String token) {
        PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), vsn, token);
        sockets.add(socket);
        return socket;
    }

    /** Says something, and returns the id of its event. */
    private String say(PhoenixSocket listening, String content) {
        conversation.say(content);
        return listening
                .awaitBroadcast("message:created")
                .payload()
                .at("/meta/id")
                .asText();
    }

    private static JsonNode resume(PhoenixSocket socket, String channel, Map<String, Object> config) {
        PhoenixMessage reply = socket.awaitReply(socket.pushJoin(channel, Map.of("config", config)));
        assertThat(reply.status()).as(reply.toString()).isEqualTo("ok");
        return reply.payload().at("/response/resume");
    }

    private static Map<String, Object> after(String id) {
        return Map.of("resume", Map.of("after", id));
    }

    private static String content(PhoenixMessage message) {
        return message.payload().at("/payload/record/content").asText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "2.0.0"})
    void what_was_missed_follows_the_reply_in_order_and_is_marked(String vsn) {
        PhoenixSocket before = open(vsn);
        before.join(conversation.channel());
        String last = say(before, "heard");
        before.close();
        IntStream.range(0, 5).forEach(i -> conversation.say("missed " + i));

        PhoenixSocket again = open(vsn);
        JsonNode resume = resume(again, conversation.channel(), after(last));
        List<PhoenixMessage> missed = IntStream.range(0, 5)
                .mapToObj(i -> again.awaitBroadcast("message:created"))
                .toList();
        conversation.say("live");
        PhoenixMessage live = again.awaitBroadcast("message:created");

        assertThat(resume.path("recovered").asBoolean()).isTrue();
        assertThat(resume.path("from").asText()).isEqualTo(last);
        assertThat(resume.path("oldest").asText()).isLessThan(last);
        assertThat(missed)
                .extracting(ResumeIT::content)
                .containsExactly("missed 0", "missed 1", "missed 2", "missed 3", "missed 4");
        assertThat(missed)
                .allMatch(message -> message.payload().at("/meta/replayed").asBoolean());
        assertThat(content(live)).isEqualTo("live");
        assertThat(live.payload().at("/meta").has("replayed")).isFalse();
        assertThat(live.payload().at("/meta/id").asText())
                .isEqualTo(live.payload().at("/payload/id").asText());
    }

    @Test
    void the_numbers_of_a_channel_have_no_gaps_whether_replayed_or_live() {
        PhoenixSocket before = open("2.0.0");
        before.join(conversation.channel());
        conversation.say("heard");
        PhoenixMessage heard = before.awaitBroadcast("message:created");
        long first = heard.payload().at("/meta/seq").asLong();
        before.close();
        UUID message = conversation.say("missed");
        conversation.change(message, "status = 'read'");

        PhoenixSocket again = open("2.0.0");
        resume(
                again,
                conversation.channel(),
                after(heard.payload().at("/meta/id").asText()));
        again.awaitBroadcast("read:receipt");
        conversation.say("live");
        again.awaitBroadcast("message:created");
        List<Long> numbers = new ArrayList<>();
        numbers.add(again.awaitBroadcast("message:created")
                .payload()
                .at("/meta/seq")
                .asLong());
        assertThat(again.drain())
                .extracting(other -> other.payload().at("/meta/seq").asLong())
                .containsExactly(first + 2, first + 3);
        assertThat(numbers).containsExactly(first + 5);
    }

    @Test
    void nothing_is_lost_and_nothing_comes_twice_at_the_seam_whatever_is_committed_meanwhile() throws Exception {
        PhoenixSocket before = open("2.0.0");
        before.join(conversation.channel());
        String start = say(before, "start");
        before.close();
        MessageCopy copy = new MessageCopy(conversation);
        copy.copy(0, 3000);
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int i = 3000; i < 3300; i++) {
                conversation.say(Integer.toString(i));
            }
        });
        for (int round = 0; round < 5; round++) {
            PhoenixSocket again = open("2.0.0");
            assertThat(resume(again, conversation.channel(), after(start))
                            .path("recovered")
                            .asBoolean())
                    .isTrue();
            List<String> contents = new ArrayList<>();
            List<Long> numbers = new ArrayList<>();
            while (contents.size() < 3200 + round * 20) {
                PhoenixMessage message = again.awaitBroadcast("message:created");
                contents.add(content(message));
                numbers.add(message.payload().at("/meta/seq").asLong());
            }
            assertThat(contents).containsExactlyElementsOf(MessageCopy.contents(contents.size()));
            assertThat(numbers)
                    .containsExactlyElementsOf(LongStream.range(numbers.getFirst(), numbers.getFirst() + numbers.size())
                            .boxed()
                            .toList());
            again.close();
        }
        writer.join();
    }

    @Test
    void an_id_that_is_not_known_is_told_so_and_the_client_is_live() {
        for (String id : List.of(
                "nothing",
                "0".repeat(32),
                "f".repeat(32),
                "x".repeat(500),
                UUID.randomUUID().toString())) {
            PhoenixSocket socket = open("2.0.0");

            JsonNode resume = resume(socket, conversation.channel(), after(id));

            assertThat(resume.path("recovered").asBoolean()).isFalse();
            assertThat(resume.path("oldest").asText()).isNotEmpty();
            conversation.say("live");
            assertThat(content(socket.awaitBroadcast("message:created"))).isEqualTo("live");
            socket.close();
        }
    }

    @Test
    void changes_of_rows_resume_with_filters_and_policies() {
        Conversation foreign = backend.conversation();
        Map<String, Object> binding =
                Map.of("event", "*", "schema", "public", "table", "messages", "filter", "sender_type=eq.customer");
        PhoenixSocket before = open("2.0.0");
        before.join("db", Map.of("postgres_changes", List.of(binding)));
        before.await("subscribed", message -> message.event().equals("system"));
        UUID first = conversation.say("heard");
        String last =
                before.awaitEvent("postgres_changes").payload().at("/meta/id").asText();
        before.close();
        foreign.say("of others");
        conversation.say("missed");
        backend.database()
                .update(
                        "INSERT INTO messages (conversation_id, organization_id, content, sender_type)"
                                + " VALUES (?, ?, 'not of a customer', 'agent')",
                        conversation.id(),
                        conversation.organization());
        conversation.delete(first);

        PhoenixSocket again = open("2.0.0");
        PhoenixMessage reply = again.awaitReply(again.pushJoin(
                "db", Map.of("config", Map.of("postgres_changes", List.of(binding), "resume", Map.of("after", last)))));
        PhoenixMessage missed = again.awaitEvent("postgres_changes");
        PhoenixMessage deleted = again.awaitEvent("postgres_changes");
        conversation.say("live");
        PhoenixMessage live = again.awaitEvent("postgres_changes");

        assertThat(reply.payload().at("/response/resume/recovered").asBoolean()).isTrue();
        assertThat(missed.payload().at("/data/record/content").asText()).isEqualTo("missed");
        assertThat(missed.payload().at("/meta/replayed").asBoolean()).isTrue();
        assertThat(missed.payload().at("/ids/0")).isEqualTo(reply.payload().at("/response/postgres_changes/0/id"));
        assertThat(deleted.payload().at("/data/type").asText()).isEqualTo("DELETE");
        assertThat(live.payload().at("/data/record/content").asText()).isEqualTo("live");
        assertThat(again.drain()).noneMatch(message -> message.event().equals("postgres_changes"));
    }

    @Test
    void policies_count_as_they_are_when_it_is_replayed() {
        PhoenixSocket before = open("2.0.0");
        before.join(conversation.channel());
        String last = say(before, "heard");
        before.close();
        conversation.say("missed");
        backend.database()
                .execute("UPDATE organization_members SET status = 'suspended' WHERE user_id = '" + conversation.agent()
                        + "'");

        PhoenixSocket again = open("2.0.0");
        PhoenixMessage reply = again.awaitReply(again.pushJoin(conversation.channel(), Map.of("config", after(last))));

        assertThat(reply.status()).isEqualTo("error");
        assertThat(again.drain()).isEmpty();
    }

    @Test
    void broadcasts_of_the_database_are_resumed_by_the_id_of_their_row() {
        String service = Tokens.ofRole("service_role", java.time.Duration.ofHours(1));
        String channel = "room-" + UUID.randomUUID();
        PhoenixSocket before = open("2.0.0", service);
        before.join(channel, Map.of("private", true));
        backend.database().execute("SELECT realtime.send('{\"n\": 1}', 'said', '" + channel + "')");
        String last = before.awaitBroadcast("said").payload().at("/meta/id").asText();
        before.close();
        backend.database()
                .execute("SELECT realtime.send('{\"n\": 2}', 'said', '" + channel + "');"
                        + " SELECT realtime.send('{\"n\": 9}', 'said', '" + channel + "', false);"
                        + " SELECT realtime.send('{\"n\": 3}', 'said', '" + channel + "')");

        PhoenixSocket again = open("2.0.0", service);
        resume(again, channel, Map.of("private", true, "resume", Map.of("after", last)));

        assertThat(again.awaitBroadcast("said").payload().at("/payload/n").asInt())
                .isEqualTo(2);
        PhoenixMessage third = again.awaitBroadcast("said");
        assertThat(third.payload().at("/payload/n").asInt()).isEqualTo(3);
        assertThat(third.payload().at("/meta/replayed").asBoolean()).isTrue();
        assertThat(third.payload().at("/meta/seq").asInt()).isEqualTo(3);
    }

    @Test
    void the_newest_events_of_a_channel_are_replayed_to_a_join_that_asks_for_a_time() {
        long before = System.currentTimeMillis() - 60_000;
        IntStream.range(0, 5).forEach(i -> conversation.say("said " + i));
        PhoenixSocket witness = open("2.0.0");
        witness.join(conversation.channel());
        say(witness, "said 5");

        PhoenixSocket socket = open("2.0.0");
        socket.join(
                conversation.channel(),
                Map.of("private", true, "broadcast", Map.of("replay", Map.of("since", before, "limit", 3))));

        List<PhoenixMessage> replayed = socket.drain();
        assertThat(replayed).extracting(ResumeIT::content).containsExactly("said 3", "said 4", "said 5");
        assertThat(replayed)
                .allMatch(message -> message.payload().at("/meta/replayed").asBoolean());
    }

    @Test
    void a_heartbeat_tells_the_last_number_to_those_who_asked_for_it() {
        PhoenixSocket socket = open("2.0.0");
        socket.join(conversation.channel(), Map.of("sequences", true));
        conversation.say("one");
        long number = socket.awaitBroadcast("message:created")
                .payload()
                .at("/meta/seq")
                .asLong();

        PhoenixMessage reply = socket.awaitReply(socket.push(null, "phoenix", "heartbeat", Map.of()));

        assertThat(reply.payload()
                        .at("/response/sequences")
                        .path("realtime:" + conversation.channel())
                        .asLong())
                .isEqualTo(number);
        PhoenixSocket other = open("2.0.0");
        other.join(conversation.channel());
        assertThat(other.awaitReply(other.push(null, "phoenix", "heartbeat", Map.of()))
                        .payload()
                        .path("response"))
                .isEmpty();
    }
}
