package dev.campfire.realtime.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names outside the standards, wherever they come from. */
@ExtendWith(SharedBackend.class)
class StrictModeIT {

    private final Backend backend;

    StrictModeIT(Backend backend) {
        this.backend = backend;
    }

    @Test
    void names_outside_the_standards_are_refused_from_all_sides_and_counted() throws Exception {
        try (Database database = Database.create(backend.server());
                ServiceProcess service = ServiceProcess.forDatabase(database)
                        .with("CAMPFIRE_STRICT", "true")
                        .startHealthy();
                HttpClient http = HttpClient.newHttpClient();
                PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            Conversation conversation = Conversation.open(database, service);
            PhoenixMessage refused =
                    socket.awaitReply(socket.pushJoin(conversation.channel("typin"), Map.of("config", Map.of())));
            assertThat(refused.reason())
                    .startsWith("ChannelNameNotStandard")
                    .contains("\"" + conversation.channel("typing") + "\"");

            socket.join(conversation.channel());
            socket.push(
                    null,
                    "realtime:" + conversation.channel(),
                    "broadcast",
                    Map.of("type", "broadcast", "event", "typing:begin", "payload", Map.of()));
            assertThat(socket.awaitEvent("system").payload().path("message").asText())
                    .isEqualTo("EventNameNotStandard: \"typing:begin\" is no event of the standards;"
                            + " the nearest is \"typing:start\"");

            HttpResponse<String> posted = post(
                    http,
                    service,
                    "{\"messages\":[{\"topic\":\"" + conversation.channel()
                            + "\",\"event\":\"message:create\",\"payload\":{}}]}");
            assertThat(posted.statusCode()).isEqualTo(422);
            assertThat(posted.body()).contains("message:created");

            database.execute("SELECT realtime.send('{}', 'hello', '" + conversation.channel() + "')");
            database.execute("SELECT realtime.send('{}', 'system:alert', '" + conversation.channel() + "')");
            socket.awaitBroadcast("system:alert");
            assertThat(socket.drain())
                    .noneMatch(message -> message.event().equals("broadcast")
                            && message.userEvent().equals("hello"));

            JsonNode counted = Json.read(http.send(
                                    HttpRequest.newBuilder(URI.create(service.url() + "/health"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .path("names_outside_the_standards");
            assertThat(counted).isEqualTo(Json.read("{\"refused\":true,\"channels\":1,\"events\":3}"));
        }
    }

    private static HttpResponse<String> post(HttpClient http, ServiceProcess service, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(service.url() + "/api/broadcast"))
                        .header("authorization", "Bearer " + Tokens.anon())
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
