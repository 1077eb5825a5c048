package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.LeakCheck;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered over HTTP: routes, and websockets that are refused. */
@ExtendWith(LeakCheck.class)
final class HttpTest {

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return fixture.http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + fixture.port + path))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    /** The status and the body of the answer to a request for a websocket. */
    private String upgrade(String target, String... headers) throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            String head = connection.upgrade(target, headers);
            String status = head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
            if (status.equals("101")) {
                assertThat(head.toLowerCase(java.util.Locale.ROOT))
                        .doesNotContain("sec-websocket-protocol", "sec-websocket-extensions");
                return status;
            }
            String body = connection.rest();
            assertThat(head.contains("content-type: application/json")).isEqualTo(!body.isEmpty());
            return status + " " + body;
        }
    }

    @Test
    void healthcheck_says_ok_when_ready_and_why_not_otherwise() throws Exception {
        assertThat(get("/healthcheck").statusCode()).isEqualTo(200);
        assertThat(get("/healthcheck").body()).isEqualTo("ok");

        fixture.notReady = Optional.of("the database is not reachable");

        assertThat(get("/healthcheck").statusCode()).isEqualTo(503);
        assertThat(get("/healthcheck").body()).isEqualTo("the database is not reachable");
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).isEqualTo("{\"capture\":\"streaming\"}");
    }

    @Test
    void a_head_request_gets_the_head_alone() throws Exception {
        HttpResponse<String> head = send("HEAD", "/healthcheck", "");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("content-length")).contains("2");
    }

    @Test
    void a_page_of_any_origin_may_ask() throws Exception {
        HttpResponse<String> preflight = send("OPTIONS", "/echo/x", "");

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .contains("*");
        assertThat(preflight.headers().firstValue("access-control-allow-headers"))
                .hasValueSatisfying(headers -> assertThat(headers).contains("authorization", "apikey"));
        assertThat(get("/healthcheck").headers().firstValue("access-control-allow-origin"))
                .contains("*");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/messages, 'authorization,content-type,idempotency-key,x-client-info,apikey'",
        "PATCH, /api/messages/x/status, 'authorization,content-type,x-visitor'",
        "GET, /realtime/v1/api/channels/x/events, 'authorization,last-event-id'",
        "DELETE, /api/backfills/x, authorization",
        "PUT, /api/tenants/x, 'apikey,content-type'"
    })
    void a_page_may_ask_with_any_verb_and_header(String method, String path, String headers) throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            connection.send("OPTIONS " + path + " HTTP/1.1\r\nHost: x\r\nOrigin: https://page.example\r\n"
                    + "Access-Control-Request-Method: " + method + "\r\nAccess-Control-Request-Headers: " + headers
                    + "\r\n\r\n");

            String head = connection.head();

            assertThat(head).startsWith("HTTP/1.1 204 ").contains("access-control-allow-origin: *");
            assertThat(head).containsPattern("access-control-allow-methods: [A-Z, ]*\\b" + method + "\\b");
            assertThat(head).contains("access-control-allow-headers: " + headers);
        }
    }

    @Test
    void unknown_paths_and_methods_are_answered_in_json() throws Exception {
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("/nowhere").body()).isEqualTo("{\"error\":\"Not found\"}");
        assertThat(send("DELETE", "/health", "").statusCode()).isEqualTo(405);
        assertThat(send("DELETE", "/health", "").headers().firstValue("allow")).contains("GET, HEAD, OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/api/", "/api/nowhere", "/realtime/v1/api/nowhere", "//api/nowhere?x=/"})
    void an_unknown_path_of_the_api_is_told_as_a_problem(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(answer.body())
                .startsWith("{\"type\":\"urn:campfire:problem:not-found\",\"title\":\"Not found\",\"status\":404,"
                        + "\"detail\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apis", "/x/api/nowhere", "/realtime/v1/nowhere", "/nowhere?/api/", "/nowhere/api"})
    void an_unknown_path_beside_the_api_is_told_as_ever(String path) throws Exception {
        assertThat(get(path).body()).isEqualTo("{\"error\":\"Not found\"}");
    }

    @Test
    void a_wrong_method_of_the_api_is_told_as_a_problem() throws Exception {
        HttpResponse<String> answer = send("DELETE", "/api/messages", "");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("allow")).contains("POST, OPTIONS");
        assertThat(answer.body()).contains("\"status\":405");
    }

    @Test
    void a_body_too_large_for_the_api_is_told_as_a_problem_and_the_connection_goes_on() throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            connection.send("POST /api/messages HTTP/1.1\r\nHost: x\r\ncontent-length: 10001\r\n\r\n"
                    + "x".repeat(10_001) + "GET /healthcheck HTTP/1.1\r\nHost: x\r\nconnection: close\r\n\r\n");

            assertThat(connection.rest())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("content-type: application/problem+json", "\"status\":413")
                    .containsIgnoringCase("access-control-allow-origin: *")
                    .endsWith("\r\n\r\nok");
        }
    }

    @Test
    void a_body_that_is_asked_about_first_is_refused_as_a_problem() throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            connection.send("POST /api/messages HTTP/1.1\r\nHost: x\r\ncontent-length: 10001\r\n"
                    + "expect: 100-continue\r\n\r\n");

            assertThat(connection.readUntil("}")).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
        }
        try (RawConnection connection = new RawConnection(fixture.port)) {
            connection.send(
                    "POST /api/messages HTTP/1.1\r\nHost: x\r\ncontent-length: 2\r\n" + "expect: 100-continue\r\n\r\n");

            assertThat(connection.head()).startsWith("HTTP/1.1 100 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"/api/%zz, '', 400", "/api/messages?%zz, '', 400", "/api/messages, 'x-long: ', 431"})
    void a_malformed_request_to_the_api_is_told_as_a_problem(String target, String header, int status)
            throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            connection.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n"
                    + (header.isEmpty() ? "" : header + "y".repeat(5_000) + "\r\n") + "\r\n");

            assertThat(connection.rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("application/problem+json", "\"status\":" + status);
        }
    }

    @Test
    void a_route_that_answers_later_on_another_thread_is_served() throws Exception {
        HttpResponse<String> answer = send("POST", "/echo/caf%C3%A9?x=1", "!");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("café!");
    }

    @Test
    void a_route_that_fails_is_answered_without_details() throws Exception {
        assertThat(get("/broken").statusCode()).isEqualTo(500);
        assertThat(get("/broken").body()).isEqualTo("{\"error\":\"Internal error\"}");
    }

    @Test
    void requests_sent_ahead_are_answered_in_their_order() throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            for (String name : new String[] {"a", "b", "c"}) {
                connection.send("POST /echo/" + name + " HTTP/1.1\r\nHost: x\r\ncontent-length: 1\r\n"
                        + (name.equals("c") ? "connection: close\r\n" : "") + "\r\n!");
            }

            assertThat(connection.rest().replaceAll("(?s)HTTP.*?\r\n\r\n", "")).isEqualTo("a!b!c!");
        }
    }

    @Test
    void a_body_that_is_too_large_is_refused() throws Exception {
        assertThat(send("POST", "/echo/x", "x".repeat(10_001)).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"20000, 0, 414", "10, 5000, 431", "10, 40000, 431"})
    void a_head_that_is_too_large_is_refused(int target, int header, int status) throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            connection.send("GET /" + "x".repeat(target) + " HTTP/1.1\r\nx-long: " + "y".repeat(header) + "\r\n\r\n");

            assertThat(connection.head()).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense\r\n\r\n", "GET /%zz HTTP/1.1\r\n\r\n", "GET /health?%zz HTTP/1.1\r\n\r\n"})
    void a_malformed_request_is_refused(String request) throws Exception {
        try (RawConnection connection = new RawConnection(fixture.port)) {
            connection.send(request);

            assertThat(connection.rest()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void a_request_that_arrives_too_slowly_is_ended() throws Exception {
        try (ServerFixture impatient = new ServerFixture(Duration.ofMillis(300), Duration.ofMinutes(1));
                RawConnection slow = new RawConnection(impatient.port)) {
            slow.send("GET /healthcheck HTTP/1.1\r\nx-never: ");

            assertThat(slow.rest()).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void a_connection_that_waits_too_long_for_its_next_request_is_ended_without_a_word() throws Exception {
        try (ServerFixture impatient = new ServerFixture(Duration.ofMillis(300), Duration.ofMinutes(1));
                RawConnection idle = new RawConnection(impatient.port)) {
            idle.send("GET /healthcheck HTTP/1.1\r\nhost: x\r\n\r\n");

            assertThat(idle.rest()).endsWith("\r\n\r\nok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/socket/websocket", "/realtime/v1/websocket", "/socket/websocket/"})
    void a_good_token_opens_a_websocket_on_either_path(String path) throws Exception {
        assertThat(upgrade(path + "?log_level=info&vsn=1.0.0&apikey=" + fixture.token()))
                .isEqualTo("101");
        assertThat(upgrade(path, "x-api-key: " + fixture.token(), "Sec-WebSocket-Protocol: chat"))
                .isEqualTo("101");
    }

    @Test
    void the_header_goes_before_the_parameter() throws Exception {
        assertThat(upgrade("/socket/websocket?apikey=bad", "x-api-key: " + fixture.token()))
                .isEqualTo("101");
        assertThat(upgrade("/socket/websocket?apikey=" + fixture.token(), "x-api-key: bad"))
                .startsWith("401 ");
    }

    @Test
    void refused_websockets_are_told_why() throws Exception {
        assertThat(upgrade("/socket/websocket")).isEqualTo("401 {\"error\":\"API key is missing\"}");
        assertThat(upgrade("/socket/websocket?apikey=")).isEqualTo("401 {\"error\":\"API key is missing\"}");
        assertThat(upgrade("/socket/websocket?apikey=x"))
                .isEqualTo("401 {\"error\":\"The token provided is not a valid JWT\"}");
        assertThat(upgrade("/socket/websocket?apikey=" + fixture.token(Duration.ofSeconds(-5))))
                .isEqualTo("401 {\"error\":\"Token has expired\"}");
        assertThat(upgrade("/socket/websocket?apikey=" + fixture.token() + "x"))
                .isEqualTo("401 {\"error\":\"Failed to validate JWT signature\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.0.0", "2", "nonsense", ""})
    void a_version_that_is_not_spoken_is_refused_without_a_word(String version) throws Exception {
        assertThat(upgrade("/socket/websocket?vsn=" + version + "&apikey=" + fixture.token()))
                .isEqualTo("403 ");
    }

    @Test
    void a_plain_request_to_a_websocket_path_is_told_what_it_is() throws Exception {
        HttpResponse<String> answer = get("/socket/websocket?apikey=" + fixture.token());

        assertThat(answer.statusCode()).isEqualTo(426);
        assertThat(answer.headers().firstValue("upgrade")).contains("websocket");
    }
}
