package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.EventStream;
import dev.campfire.realtime.support.EventStream.Event;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that read a channel as server-sent events, and come again with the last id that they have. */
@ExtendWith(SharedBackend.class)
@Apart
class EventStreamIT {

    private final Backend backend;
    private final Conversation conversation;
    private final List<EventStream> streams = new ArrayList<>();

    EventStreamIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
    }

    @AfterEach
    void close() {
        streams.forEach(EventStream::close);
    }

    private EventStream open(String channel, String token, String query, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "Authorization: Bearer " + token;
        EventStream stream = EventStream.open(backend.service().port(), channel, query, all);
        streams.add(stream);
        return stream;
    }

    private String agent() {
        return Tokens.authenticated(conversation.agent().toString());
    }

    /** The agent's stream of the conversation, which has begun. */
    private EventStream openBehind(String id) {
        EventStream stream = open(conversation.channel(), agent(), "", "Last-Event-ID: " + id);
        assertThat(stream.await("resume").data().path("recovered").asBoolean()).isTrue();
        return stream;
    }

    @Test
    void what_is_committed_comes_as_events_with_ids() {
        EventStream stream = open(conversation.channel(), agent(), "");
        Event resume = stream.await("resume");
        conversation.say("hello");

        Event event = stream.await("message:created");

        assertThat(stream.head().headers()).containsEntry("content-type", "text/event-stream");
        assertThat(resume.data().path("recovered").asBoolean()).isTrue();
        assertThat(resume.data().path("from").asText()).isEqualTo(resume.id());
        assertThat(resume.data().path("oldest").asText()).isNotEmpty();
        assertThat(event.record("content").asText()).isEqualTo("hello");
        assertThat(event.id()).isEqualTo(event.data().at("/meta/id").asText()).isGreaterThan(resume.id());
        assertThat(event.data().path("event").asText()).isEqualTo("message:created");
        assertThat(event.data().at("/meta").has("replayed")).isFalse();
    }

    @Test
    void a_client_that_comes_again_gets_what_it_missed_before_what_is_new() {
        EventStream before = open(conversation.channel(), agent(), "");
        before.await("resume");
        conversation.say("heard");
        String last = before.await("message:created").id();
        before.close();
        conversation.say("missed");

        EventStream again = openBehind(last);
        Event missed = again.await("message:created");
        conversation.say("live");

        assertThat(missed.record("content").asText()).isEqualTo("missed");
        assertThat(missed.data().at("/meta/replayed").asBoolean()).isTrue();
        assertThat(again.await("message:created").record("content").asText()).isEqualTo("live");
    }

    @Test
    void a_client_that_was_cut_before_it_got_an_event_misses_nothing_either() {
        EventStream before = open(conversation.channel(), agent(), "");
        String from = before.await("resume").id();
        before.close();
        conversation.say("missed");

        assertThat(openBehind(from).await("message:created").record("content").asText())
                .isEqualTo("missed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?lastEventId=", "?after="})
    void the_id_may_stand_in_the_query_and_the_header_goes_first(String parameter) {
        EventStream before = open(conversation.channel(), agent(), "");
        String from = before.await("resume").id();
        conversation.say("one");
        String last = before.await("message:created").id();
        conversation.say("two");
        before.await("message:created");

        EventStream byQuery = open(conversation.channel(), agent(), parameter + from);
        byQuery.await("resume");
        EventStream byHeader = open(conversation.channel(), agent(), parameter + from, "Last-Event-ID: " + last);
        byHeader.await("resume");

        assertThat(byQuery.await("message:created").record("content").asText()).isEqualTo("one");
        assertThat(byHeader.await("message:created").record("content").asText()).isEqualTo("two");
    }

    @Test
    void an_id_that_is_not_known_is_told_so_and_the_client_is_live() {
        EventStream stream = open(conversation.channel(), agent(), "", "Last-Event-ID: " + "0".repeat(32));

        Event resume = stream.await("resume");
        conversation.say("live");

        assertThat(resume.data().path("recovered").asBoolean()).isFalse();
        assertThat(resume.data().path("oldest").asText()).isNotEmpty();
        assertThat(stream.await("message:created").record("content").asText()).isEqualTo("live");
    }

    @Test
    void nothing_is_lost_and_nothing_comes_twice_however_often_a_client_is_cut() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        EventStream stream = open(conversation.channel(), agent(), "");
        String last = stream.await("resume").id();
        int count = 3_000;
        Thread writer = Thread.ofVirtual().start(() -> write(count));

        List<String> contents = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        while (contents.size() < count) {
            for (int i = 1 + random.nextInt(400); i > 0 && contents.size() < count; i--) {
                Event event = stream.await("message:created");
                contents.add(event.record("content").asText());
                numbers.add(event.data().at("/meta/seq").asLong());
                last = event.id();
            }
            stream.close();
            stream = openBehind(last);
        }
        writer.join();

        assertThat(contents).containsExactlyElementsOf(MessageCopy.contents(count));
        assertThat(numbers)
                .containsExactlyElementsOf(LongStream.range(numbers.getFirst(), numbers.getFirst() + count)
                        .boxed()
                        .toList());
    }

    private void write(int count) {
        try {
            MessageCopy copy = new MessageCopy(conversation);
            for (int from = 0; from < count; from += 30) {
                copy.copy(from, from + 30);
            }
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_broadcast_of_a_client_comes_without_an_id() {
        EventStream stream = open(conversation.channel("typing"), agent(), "");
        stream.await("resume");
        try (PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), "2.0.0", agent())) {
            String join = socket.join(conversation.channel("typing"));
            socket.push(
                    join,
                    "realtime:" + conversation.channel("typing"),
                    "broadcast",
                    Map.of("type", "broadcast", "event", "typing:start", "payload", Map.of("n", 1)));

            Event event = stream.await("typing:start");

            assertThat(event.id()).isNull();
            assertThat(event.data().at("/payload/n").asInt()).isEqualTo(1);
        }
    }

    @Test
    void the_stream_ends_with_its_token_and_says_so() {
        String token = Tokens.signed(Map.of(
                "role",
                "authenticated",
                "sub",
                conversation.agent().toString(),
                "exp",
                Tokens.in(Duration.ofSeconds(3))));
        EventStream stream = open(conversation.channel(), token, "");
        stream.await("resume");

        List<Event> rest = stream.rest();

        assertThat(rest).hasSize(1);
        assertThat(rest.getFirst().name()).isEqualTo("error");
        assertThat(rest.getFirst().data().path("message").asText()).startsWith("Token has expired");
        assertThat(open(conversation.channel(), token, "").head().status()).isEqualTo(401);
    }

    @Test
    void the_stream_ends_with_the_membership_that_it_rests_on() {
        EventStream stream = open(conversation.channel(), agent(), "");
        stream.await("resume");
        conversation.say("heard");
        String last = stream.await("message:created").id();

        backend.database()
                .execute("UPDATE organization_members SET status = 'suspended' WHERE user_id = '" + conversation.agent()
                        + "'");
        List<Event> rest = stream.rest();
        conversation.say("not heard");

        assertThat(rest).hasSize(1);
        assertThat(rest.getFirst().data().path("message").asText())
                .startsWith("You no longer have permission to read from this Channel topic");
        assertThat(open(conversation.channel(), agent(), "", "Last-Event-ID: " + last)
                        .head()
                        .status())
                .isEqualTo(403);
    }

    @Test
    void a_client_that_does_not_read_is_let_go_and_takes_nothing_from_the_others() throws Exception {
        EventStream silent = open(conversation.channel(), agent(), "");
        String from = silent.await("resume").id();
        EventStream other = open(conversation.channel(), agent(), "");
        other.await("resume");
        int count = 40_000;
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                new MessageCopy(conversation).copy(0, count);
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        });

        List<String> contents = new ArrayList<>();
        while (contents.size() < count) {
            contents.add(other.await("message:created").record("content").asText());
        }
        writer.join();
        assertThat(contents).containsExactlyElementsOf(MessageCopy.contents(count));

        int got = 0;
        String last = from;
        try {
            for (Event event = silent.next(); event != null && event.name().equals("message:created"); ) {
                last = event.id();
                got++;
                event = silent.next();
            }
        } catch (java.io.UncheckedIOException e) {
            assertThat(e).hasMessageContaining("cut");
        }
        assertThat(got).isLessThan(count);
        EventStream again = openBehind(last);
        assertThat(again.await("message:created").record("content").asText()).isEqualTo(Integer.toString(got));
    }

    @Test
    void the_stream_ends_when_the_service_does(PostgresProvider provider) {
        try (Backend own = Backend.start(provider)) {
            Conversation there = own.conversation();
            try (EventStream stream = EventStream.open(
                    own.service().port(),
                    there.channel(),
                    "?token=" + Tokens.authenticated(there.agent().toString()))) {
                stream.await("resume");
                Thread.ofVirtual().start(() -> own.service().terminate(Duration.ofSeconds(10)));

                assertThat(stream.rest()).isEmpty();
            }
        }
    }

    @Test
    void the_sides_of_a_channel_are_heard_apart() {
        String channel = "room-" + UUID.randomUUID();
        EventStream open = open(channel, Tokens.anon(), "?private=false");
        EventStream closed = open(channel, Tokens.ofRole("service_role", Duration.ofHours(1)), "");
        open.await("resume");
        closed.await("resume");

        backend.database()
                .execute("SELECT realtime.send('{\"n\": 1}', 'said', '" + channel + "', true);"
                        + " SELECT realtime.send('{\"n\": 2}', 'said', '" + channel + "', false)");

        assertThat(open.await("said").data().at("/payload/n").asInt()).isEqualTo(2);
        assertThat(closed.await("said").data().at("/payload/n").asInt()).isEqualTo(1);
    }
}
