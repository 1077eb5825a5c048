package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.EventsApi;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.MessageCopy;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients without a socket, who ask for a channel's events page by page. */
@ExtendWith(SharedBackend.class)
@Apart
class PollingIT {

    private final Backend backend;
    private final Conversation conversation;
    private final EventsApi agent;

    PollingIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
        this.agent = new EventsApi(
                backend.service().port(),
                Tokens.authenticated(conversation.agent().toString()));
    }

    @AfterEach
    void close() {
        agent.close();
    }

    private static String content(JsonNode event) {
        return event.at("/payload/record/content").asText();
    }

    /** Where the channel ends now. */
    private String latest(String channel) {
        return agent.page(channel, "?after=latest").path("next").asText();
    }

    /** Waits until so many events are there behind an id. */
    private List<JsonNode> await(String channel, String after, int count) {
        List<JsonNode> events = new ArrayList<>();
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            events.clear();
            events.addAll(agent.all(channel, after, 1000));
            return events.size() >= count;
        });
        return events;
    }

    @Test
    void pages_of_any_size_give_every_event_once_and_in_order() throws Exception {
        String start = latest(conversation.channel());
        new MessageCopy(conversation).copy(0, 500);
        await(conversation.channel(), start, 500);

        for (int limit : new int[] {1, 7, 100, 499, 500, 1000}) {
            List<JsonNode> events = agent.all(conversation.channel(), start, limit);

            assertThat(events)
                    .as("limit %d", limit)
                    .extracting(PollingIT::content)
                    .containsExactlyElementsOf(MessageCopy.contents(500));
            long first = events.getFirst().path("seq").asLong();
            assertThat(events)
                    .extracting(event -> event.path("seq").asLong())
                    .containsExactlyElementsOf(
                            LongStream.range(first, first + 500).boxed().toList());
        }
    }

    @Test
    void an_event_is_what_a_socket_gets_of_it_and_says_when_it_was_committed() {
        String start = latest(conversation.channel());
        try (PhoenixSocket socket = PhoenixSocket.open(
                backend.service().port(),
                "2.0.0",
                Tokens.authenticated(conversation.agent().toString()))) {
            socket.join(conversation.channel());
            conversation.say("hello");
            PhoenixMessage live = socket.awaitBroadcast("message:created");

            JsonNode page = agent.page(conversation.channel(), "?after=" + start);
            JsonNode event = page.at("/events/0");

            assertThat(event.path("event").asText()).isEqualTo("message:created");
            assertThat(event.path("payload")).isEqualTo(live.payload().path("payload"));
            assertThat(event.path("id")).isEqualTo(live.payload().at("/meta/id"));
            assertThat(event.path("seq")).isEqualTo(live.payload().at("/meta/seq"));
            assertThat(event.at("/meta/replayed").asBoolean()).isTrue();
            assertThat(event.path("commit_timestamp").asText())
                    .isEqualTo(event.at("/payload/commit_timestamp").asText())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(page.path("recovered").asBoolean()).isTrue();
            assertThat(page.path("more").asBoolean()).isFalse();
            assertThat(page.path("newest").asText())
                    .isGreaterThanOrEqualTo(event.path("id").asText());
        }
    }

    @Test
    void whoever_polls_a_channel_where_nothing_happens_keeps_up_with_the_journal() throws Exception {
        String start = latest(conversation.channel());
        Conversation other = backend.conversation();
        other.say("elsewhere");

        String next = agent.page(conversation.channel(), "?after=" + start)
                .path("next")
                .asText();

        assertThat(next).isGreaterThan(start);
        conversation.say("here");
        assertThat(await(conversation.channel(), next, 1))
                .extracting(PollingIT::content)
                .containsExactly("here");
    }

    @Test
    void without_an_id_it_begins_with_the_oldest_that_is_kept() {
        conversation.say("hello");

        List<JsonNode> events = await(conversation.channel(), null, 2);

        assertThat(events)
                .extracting(event -> event.path("event").asText())
                .containsExactly("conversation:created", "message:created");
        assertThat(agent.page(conversation.channel(), "").path("recovered").asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff"})
    void an_id_that_is_not_known_is_told_so_and_all_that_is_kept_follows(String id) {
        conversation.say("hello");
        await(conversation.channel(), null, 2);

        JsonNode page = agent.page(conversation.channel(), "?after=" + id);

        assertThat(page.path("recovered").asBoolean()).isFalse();
        assertThat(page.path("oldest").asText()).isNotEmpty();
        assertThat(page.path("events"))
                .extracting(event -> event.path("event").asText())
                .containsExactly("conversation:created", "message:created");
        assertThat(agent.page(
                                conversation.channel(),
                                "?after=" + page.path("next").asText())
                        .path("recovered")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"format", "accept"})
    void lines_have_the_same_events_and_headers_say_the_rest(String way) {
        conversation.say("two\nlines");
        await(conversation.channel(), null, 2);

        HttpResponse<String> answer = way.equals("format")
                ? agent.get(conversation.channel(), "?format=ndjson")
                : agent.get(conversation.channel(), "", "Accept", "application/x-ndjson");

        JsonNode page = agent.page(conversation.channel(), "");
        assertThat(answer.headers().firstValue("content-type")).contains("application/x-ndjson");
        assertThat(answer.body().lines().map(Json::read)).containsExactlyElementsOf(page.path("events"));
        assertThat(answer.headers().firstValue("x-recovered")).contains("true");
        assertThat(answer.headers().firstValue("x-more")).contains("false");
        assertThat(agent.page(
                                conversation.channel(),
                                "?after="
                                        + answer.headers().firstValue("x-next").orElseThrow())
                        .path("events"))
                .isEmpty();
        assertThat(agent.get(conversation.channel(), "?format=ndjson&after=nothing")
                        .headers()
                        .firstValue("x-recovered"))
                .contains("false");
    }

    @Test
    void answers_are_not_stored_and_pages_of_any_origin_may_read_them() {
        HttpResponse<String> answer = agent.get(conversation.channel(), "");

        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=-1",
                "limit=ten",
                "limit=",
                "limit=99999999999",
                "private=yes",
                "format=xml",
                "after="
            })
    void a_value_that_there_is_not_is_refused_with_a_text_that_names_it(String parameter) {
        HttpResponse<String> answer = agent.get(conversation.channel(), "?" + parameter);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.read(answer.body()).path("message").asText())
                .startsWith(parameter.split("=", 2)[0] + " must be ");
    }

    @Test
    void the_public_side_of_a_channel_has_its_own_events() {
        String channel = "room-" + UUID.randomUUID();
        try (EventsApi service =
                        new EventsApi(backend.service().port(), Tokens.ofRole("service_role", Duration.ofHours(1)));
                EventsApi visitor = new EventsApi(backend.service().port(), Tokens.anon())) {
            backend.database()
                    .execute("SELECT realtime.send('{\"n\": 1}', 'said', '" + channel + "', true);"
                            + " SELECT realtime.send('{\"n\": 2}', 'said', '" + channel + "', false)");
            org.awaitility.Awaitility.await()
                    .until(() -> service.all(channel, null, 10).size() == 1);

            assertThat(service.all(channel, null, 10))
                    .extracting(event -> event.at("/payload/n").asInt())
                    .containsExactly(1);
            assertThat(visitor.page(channel, "?private=false").path("events"))
                    .extracting(event -> event.at("/payload/n").asInt())
                    .containsExactly(2);
            assertThat(visitor.get(channel, "?private=true").statusCode()).isEqualTo(403);
            assertThat(visitor.get(channel, "").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void the_id_of_a_broadcast_s_row_is_gone_on_from() {
        String channel = "room-" + UUID.randomUUID();
        try (EventsApi service =
                new EventsApi(backend.service().port(), Tokens.ofRole("service_role", Duration.ofHours(1)))) {
            backend.database()
                    .execute("SELECT realtime.send('{\"n\": 1}', 'said', '" + channel + "');"
                            + " SELECT realtime.send('{\"n\": 2}', 'said', '" + channel + "')");
            org.awaitility.Awaitility.await()
                    .until(() -> service.all(channel, null, 10).size() == 2);
            JsonNode first = service.page(channel, "?limit=1").at("/events/0");

            assertThat(service.all(channel, first.path("id").asText(), 10))
                    .extracting(event -> event.at("/payload/n").asInt())
                    .containsExactly(2);
        }
    }
}
