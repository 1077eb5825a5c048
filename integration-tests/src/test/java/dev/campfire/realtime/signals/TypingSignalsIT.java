package dev.campfire.realtime.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.EventsApi;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Typing between a widget and a dashboard, under the policies that are shipped. */
@ExtendWith(SharedBackend.class)
class TypingSignalsIT {

    private final Conversation conversation;
    private final List<PhoenixSocket> sockets = new ArrayList<>();

    TypingSignalsIT(Backend backend) {
        conversation = backend.conversation();
    }

    /** Where something is said or heard. */
    enum Place {
        CONVERSATION,
        TYPING,
        WIDGET
    }

    private String channel(Place place) {
        return switch (place) {
            case CONVERSATION -> conversation.channel();
            case TYPING -> conversation.channel("typing");
            case WIDGET -> conversation.widgetChannel();
        };
    }

    private PhoenixSocket dashboard;

    @BeforeEach
    void open() {
        dashboard = open(Tokens.authenticated(conversation.agent().toString()));
        dashboard.join(channel(Place.CONVERSATION));
        dashboard.join(channel(Place.TYPING));
    }

    @AfterEach
    void close() {
        sockets.forEach(PhoenixSocket::close);
    }

    private PhoenixSocket open(String token) {
        PhoenixSocket socket = PhoenixSocket.open(conversation.service().port(), "2.0.0", token);
        sockets.add(socket);
        return socket;
    }

    private PhoenixSocket widget(Place place) {
        PhoenixSocket socket = open(Tokens.anon());
        socket.join(channel(place));
        return socket;
    }

    private void say(PhoenixSocket socket, Place place, String event) {
        socket.push(
                null,
                "realtime:" + channel(place),
                "broadcast",
                Map.of("type", "broadcast", "event", event, "payload", Map.of("userId", "visitor", "isTyping", true)));
    }

    @ParameterizedTest
    @EnumSource
    void what_is_typed_anywhere_is_heard_everywhere_and_once(Place place) {
        PhoenixSocket typist = widget(place);
        PhoenixSocket listener = widget(Place.WIDGET);
        typist.drain();

        say(typist, place, "typing:start");

        PhoenixMessage first = dashboard.awaitBroadcast("typing:start");
        PhoenixMessage second = dashboard.awaitBroadcast("typing:start");
        assertThat(List.of(first.topic(), second.topic()))
                .containsExactlyInAnyOrder(
                        "realtime:" + channel(Place.CONVERSATION), "realtime:" + channel(Place.TYPING));
        listener.awaitBroadcast("typing:start");
        assertThat(typing(dashboard)).isEmpty();
        assertThat(typing(listener)).isEmpty();
        assertThat(typing(typist)).isEmpty();
    }

    private static List<PhoenixMessage> typing(PhoenixSocket socket) {
        return socket.drain().stream()
                .filter(message -> message.event().equals("broadcast")
                        && message.userEvent().startsWith("typing"))
                .toList();
    }

    @Test
    void who_closes_the_window_has_stopped_typing_for_everybody() {
        PhoenixSocket typist = widget(Place.TYPING);
        say(typist, Place.TYPING, "typing:start");
        dashboard.awaitBroadcast("typing:start");

        typist.close();

        List<String> topics = List.of(
                dashboard.awaitBroadcast("typing:stop").topic(),
                dashboard.awaitBroadcast("typing:stop").topic());
        assertThat(topics).doesNotHaveDuplicates();
    }

    @Test
    void what_is_posted_and_what_the_database_says_takes_the_same_way() throws Exception {
        PhoenixSocket listener = widget(Place.CONVERSATION);

        post("/api/broadcast/" + channel(Place.TYPING) + "/events/typing:start", "{\"userId\":\"posted\"}");
        assertThat(listener.awaitBroadcast("typing:start")
                        .payload()
                        .at("/payload/userId")
                        .asText())
                .isEqualTo("posted");

        post(
                "/api/broadcast",
                "{\"messages\":[{\"topic\":\"" + channel(Place.TYPING)
                        + "\",\"event\":\"typing:update\",\"payload\":{\"userId\":\"batch\"}}]}");
        assertThat(listener.awaitBroadcast("typing:update")
                        .payload()
                        .at("/payload/userId")
                        .asText())
                .isEqualTo("batch");

        post("/api/conversations/" + conversation.id() + "/typing", "{\"isTyping\":false}");
        assertThat(listener.awaitBroadcast("typing:stop")
                        .payload()
                        .at("/payload/userId")
                        .asText())
                .isEqualTo(conversation.agent().toString());

        conversation
                .database()
                .execute("SELECT realtime.send('{\"userId\": \"database\"}', 'typing:start', '" + channel(Place.TYPING)
                        + "')");
        assertThat(listener.awaitBroadcast("typing:start")
                        .payload()
                        .at("/payload/userId")
                        .asText())
                .isEqualTo("database");
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(conversation.service().url() + path))
                .header(
                        "authorization",
                        "Bearer " + Tokens.authenticated(conversation.agent().toString()))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void nothing_of_it_is_kept() {
        PhoenixSocket typist = widget(Place.TYPING);
        say(typist, Place.TYPING, "typing:start");
        conversation
                .database()
                .execute("SELECT realtime.send('{\"userId\": \"database\"}', 'typing:update', '"
                        + channel(Place.CONVERSATION) + "')");
        dashboard.awaitBroadcast("typing:update");
        conversation.say("kept");
        dashboard.awaitBroadcast("message:created");

        try (EventsApi events = new EventsApi(
                conversation.service().port(),
                Tokens.authenticated(conversation.agent().toString()))) {
            assertThat(events.all(channel(Place.CONVERSATION), null, 100))
                    .extracting(event -> event.path("event").asText())
                    .contains("message:created")
                    .noneMatch(name -> name.startsWith("typing"));
        }
        PhoenixSocket late = open(Tokens.authenticated(conversation.agent().toString()));
        late.join(channel(Place.CONVERSATION), Map.of("broadcast", Map.of("replay", Map.of("since", 1))));
        late.awaitBroadcast("message:created");
        assertThat(typing(late)).isEmpty();
    }
}
