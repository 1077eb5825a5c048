package dev.campfire.realtime.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Apart;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.EventStream;
import dev.campfire.realtime.support.EventsApi;
import dev.campfire.realtime.support.HttpAnswer;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PostgresProvider;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read a channel's events over HTTP, and what of them: in every form the same as over a socket. */
@ExtendWith(SharedBackend.class)
@Apart
class EventAccessIT {

    private final Backend backend;
    private final Conversation conversation;

    EventAccessIT(Backend backend) {
        this.backend = backend;
        this.conversation = backend.conversation();
    }

    private HttpAnswer ask(String query, String... headers) {
        try (EventStream stream = EventStream.open(backend.service().port(), conversation.channel(), query, headers)) {
            return stream.head();
        }
    }

    private HttpAnswer askAs(String token, String format) {
        return ask("?format=" + format, "Authorization: Bearer " + token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "ndjson", "sse"})
    void who_may_not_join_may_not_read(String format) {
        Conversation foreign = backend.conversation();
        List<String> strangers = new ArrayList<>(List.of(
                Tokens.authenticated(UUID.randomUUID().toString()),
                Tokens.authenticated(foreign.agent().toString()),
                // A visitor whose token names another conversation; one whose token names none may read those that it
                // knows.
                Tokens.signed(Map.of(
                        "role",
                        "anon",
                        "exp",
                        Tokens.in(Duration.ofHours(1)),
                        "organization_id",
                        conversation.organization().toString(),
                        "conversation_id",
                        foreign.id().toString()))));

        for (String token : strangers) {
            for (String side : List.of("", "&private=false")) {
                HttpAnswer answer = ask("?format=" + format + side, "Authorization: Bearer " + token);
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
                assertThat(Json.read(answer.body()).path("status").asInt()).isEqualTo(403);
                assertThat(Json.read(answer.body()).path("detail").asText()).startsWith("Unauthorized: ");
                assertThat(Json.read(answer.body()).path("message").asText()).startsWith("Unauthorized: ");
                assertThat(answer.headers()).containsEntry("access-control-allow-origin", "*");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "ndjson", "sse"})
    void without_a_good_token_nobody_reads(String format) {
        Map<String, Object> claims = Map.of("role", "service_role", "exp", Tokens.in(Duration.ofHours(1)));

        assertThat(ask("?format=" + format).status()).isEqualTo(401);
        assertThat(askAs("nonsense", format).status()).isEqualTo(401);
        assertThat(askAs(Tokens.ofRole("service_role", Duration.ofMinutes(-5)), format)
                        .status())
                .isEqualTo(401);
        assertThat(askAs(Tokens.signed(claims, "another secret of at least 32 characters"), format)
                        .status())
                .isEqualTo(401);
        assertThat(ask("?format=" + format + "&token=nonsense").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "ndjson", "sse"})
    void a_token_is_taken_wherever_clients_can_put_it_and_the_user_s_goes_before_the_gateway_s(String format) {
        String agent = Tokens.authenticated(conversation.agent().toString());
        String key = Tokens.anon();

        assertThat(ask("?format=" + format, "Authorization: Bearer " + agent, "apikey: " + key)
                        .status())
                .isEqualTo(200);
        assertThat(ask("?format=" + format, "apikey: " + agent).status()).isEqualTo(200);
        assertThat(ask("?format=" + format + "&apikey=" + agent).status()).isEqualTo(200);
        assertThat(ask("?format=" + format + "&apikey=" + key + "&token=" + agent)
                        .status())
                .isEqualTo(200);
        assertThat(ask("?format=" + format + "&token=" + agent, "apikey: " + key)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "private=maybe", "after="})
    void a_stream_with_a_malformed_parameter_is_refused(String parameter) {
        HttpAnswer answer = ask(
                "?format=sse&" + parameter,
                "Authorization: Bearer " + Tokens.ofRole("service_role", Duration.ofHours(1)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(Json.read(answer.body()).path("message").asText()).contains(" must be ");
    }

    @Test
    void columns_that_a_role_may_not_read_are_not_told(PostgresProvider provider) {
        try (Backend own = Backend.start(provider)) {
            own.database()
                    .execute(
                            "REVOKE SELECT ON messages FROM authenticated;"
                                    + " GRANT SELECT (id, organization_id, conversation_id, sender_type) ON messages TO authenticated");
            Conversation there = own.conversation();
            String token = Tokens.authenticated(there.agent().toString());
            try (EventsApi api = new EventsApi(own.service().port(), token);
                    EventStream stream = EventStream.open(own.service().port(), there.channel(), "?token=" + token)) {
                stream.await("resume");
                there.say("secret");
                JsonNode live = stream.await("message:created").data().at("/payload/record");
                String from = api.page(there.channel(), "?limit=1").path("next").asText();
                JsonNode polled = api.page(there.channel(), "?after=" + from).at("/events/0/payload/record");
                try (EventStream again = EventStream.open(
                        own.service().port(), there.channel(), "?token=" + token, "Last-Event-ID: " + from)) {
                    again.await("resume");
                    JsonNode missed = again.await("message:created").data().at("/payload/record");

                    for (JsonNode told : List.of(live, polled, missed)) {
                        assertThat(told.path("id").asText()).isNotEmpty();
                        assertThat(told.has("content")).isFalse();
                    }
                }
                // Who comes by later shares what was read, and gets what it may have of that.
                String all = Tokens.ofRole("service_role", Duration.ofHours(1));
                for (String who : List.of(all, token, all, token)) {
                    try (EventStream again = EventStream.open(
                            own.service().port(), there.channel(), "?token=" + who, "Last-Event-ID: " + from)) {
                        again.await("resume");
                        JsonNode told = again.await("message:created").data().at("/payload/record");

                        assertThat(told.path("id").asText()).isNotEmpty();
                        assertThat(told.has("content")).isEqualTo(who.equals(all));
                    }
                }
            }
        }
    }
}
