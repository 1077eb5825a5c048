package dev.campfire.realtime.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.identity.TokenMinter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a running service, as service_role. For one thread. */
final class ServiceClient implements AutoCloseable {

    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECTING).build();
    private final URI service;
    private final @Nullable String token;
    private final TokenMinter minter;

    /**
     * An answer.
     *
     * @param body an empty object when it is no JSON
     */
    record Answer(int status, JsonNode body) {

        boolean isGood() {
            return status / 100 == 2;
        }

        /** What is wrong, in the service's words. */
        String problem() {
            String detail = body.path("detail").asText(body.path("message").asText(""));
            return detail.isEmpty() ? "the service answered with " + status : detail;
        }
    }

    /**
     * @param service where it listens, such as {@code http://localhost:4000}
     * @param token whom it is asked as; null to make one for each call, with the secret of the environment
     */
    ServiceClient(URI service, @Nullable String token, Map<String, String> environment) {
        this.service = service;
        this.token = token;
        this.minter = new TokenMinter(DemoSecret.orFrom(environment), InstantSource.system());
    }

    /** @throws IOException when it can't be reached */
    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** @throws IOException when it can't be reached */
    Answer post(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    /** @throws IOException when it can't be reached */
    Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    private HttpRequest.Builder request(String path) {
        String bearer = token != null ? token : minter.mint("service_role", null, Map.of(), Duration.ofMinutes(5));
        return HttpRequest.newBuilder(service.resolve(path))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + bearer);
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            body = JSON.createObjectNode();
        }
        return new Answer(response.statusCode(), body);
    }

    @Override
    public void close() {
        http.close();
    }
}
