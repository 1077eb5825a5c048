package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a service for the events of channels, page by page, with one token. */
public final class EventsApi implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final String token;

    public EventsApi(int port, String token) {
        this.port = port;
        this.token = token;
    }

    /** The path of a channel's events, with a query that begins with a question mark or is empty. */
    public static String path(String channel, String query) {
        return "/api/channels/" + URLEncoder.encode(channel, StandardCharsets.UTF_8) + "/events" + query;
    }

    /** Asks, and gives what is answered. */
    public HttpResponse<String> get(String channel, String query, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + path(channel, query)))
                .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A page, which must be answered with 200. */
    public JsonNode page(String channel, String query) {
        HttpResponse<String> answer = get(channel, query);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return Json.read(answer.body());
    }

    /** All events behind an id, in pages of some. */
    public List<JsonNode> all(String channel, @Nullable String after, int limit) {
        List<JsonNode> events = new ArrayList<>();
        String at = after;
        JsonNode page;
        do {
            page = page(channel, "?limit=" + limit + (at == null ? "" : "&after=" + at));
            page.path("events").forEach(events::add);
            at = page.path("next").asText();
        } while (page.path("more").asBoolean());
        return events;
    }

    @Override
    public void close() {
        http.close();
    }
}
