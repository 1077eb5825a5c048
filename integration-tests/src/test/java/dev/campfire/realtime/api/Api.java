package dev.campfire.realtime.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

/**
 * The API as one caller sees it. JSON is written with single quotes.
 *
 * @param url of the service
 * @param token what the caller brings; empty for nothing
 */
record Api(String url, String token) {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** The agent of a conversation. */
    static Api agentOf(Conversation conversation) {
        return of(conversation, Tokens.authenticated(conversation.agent().toString()));
    }

    /** A visitor with the public key. */
    static Api visitorOf(Conversation conversation) {
        return of(conversation, Tokens.anon());
    }

    static Api strangerTo(Conversation conversation) {
        return of(conversation, Tokens.authenticated(UUID.randomUUID().toString()));
    }

    /** A member who may look and no more. */
    static Api viewerOf(Conversation conversation) {
        UUID viewer = UUID.randomUUID();
        conversation
                .database()
                .update(
                        "INSERT INTO organization_members (organization_id, user_id, role) VALUES (?, ?, 'viewer')",
                        conversation.organization(),
                        viewer);
        return of(conversation, Tokens.authenticated(viewer.toString()));
    }

    /** A visitor whose token names another conversation. */
    static Api visitorOfAnother(Conversation conversation) {
        return of(
                conversation,
                Tokens.signed(Map.of(
                        "role",
                        "anon",
                        "exp",
                        Tokens.in(Duration.ofHours(1)),
                        "organization_id",
                        conversation.organization().toString(),
                        "conversation_id",
                        UUID.randomUUID().toString())));
    }

    static Api of(Conversation conversation, String token) {
        return new Api(Objects.requireNonNull(conversation.service()).url(), token);
    }

    HttpResponse<String> get(String path) {
        return call("GET", path, "");
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return call("POST", path, body, headers);
    }

    HttpResponse<String> patch(String path, String body) {
        return call("PATCH", path, body);
    }

    HttpResponse<String> call(String method, String path, String body, String... headers) {
        try {
            return HTTP.send(request(method, path, body, headers), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<HttpResponse<String>> postLater(String path, String body, String... headers) {
        return HTTP.sendAsync(request("POST", path, body, headers), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofString(body.replace('\'', '"')));
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        if (!body.isEmpty()) {
            request.header("content-type", "application/json");
        }
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    static String message(Conversation conversation, String content) {
        return "{'conversation_id':'" + conversation.id() + "','organization_id':'" + conversation.organization()
                + "','content':'" + content + "','sender_type':'customer'}";
    }

    /** The body of an answer that has this status. */
    static JsonNode body(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Json.read(answer.body());
    }

    /** Demands a problem of this status, and gives it. */
    static JsonNode problem(HttpResponse<String> answer, int status) {
        JsonNode problem = body(answer, status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        for (String member : List.of("type", "title", "detail")) {
            assertThat(problem.path(member).asText()).as(member).isNotBlank();
        }
        return problem;
    }

    /** The fields that a refusal with 422 names. */
    static List<String> wrongFields(HttpResponse<String> answer) {
        return StreamSupport.stream(problem(answer, 422).path("errors").spliterator(), false)
                .map(error -> error.path("field").asText())
                .toList();
    }
}
