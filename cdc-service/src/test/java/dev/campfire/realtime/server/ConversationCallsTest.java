package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.LeakCheck;
import dev.campfire.realtime.limits.TenantLimits;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls of the conversations' API are answered before the database is asked, and when it is away. */
@ExtendWith(LeakCheck.class)
final class ConversationCallsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "48eedfba-2568-4231-bb38-2ce20420900d";
    private static final String MESSAGES = "/api/messages";
    private static final String GOOD = "{\"conversation_id\":\"" + ID + "\",\"organization_id\":\"" + ID
            + "\",\"content\":\"Hello\",\"sender_type\":\"customer\"}";

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpResponse<String> call(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + fixture.port + path))
                .method(method, BodyPublishers.ofString(body));
        return fixture.http.send(
                (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> authorized(String method, String path, String body) throws Exception {
        return call(method, path, body, "authorization", "Bearer " + fixture.token());
    }

    private static JsonNode problem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("type").asText()).startsWith("urn:campfire:problem:");
        return problem;
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/api/messages",
        "PATCH,/api/messages/x/status",
        "GET,/api/conversations/x/messages",
        "POST,/api/conversations/x/typing",
        "POST,/api/conversations/x/read"
    })
    void every_call_needs_a_token(String method, String path) throws Exception {
        problem(call(method, path, "{}"), 401);
        problem(call(method, path, "{}", "apikey", "x"), 401);
    }

    @Test
    void wrong_fields_are_told_without_a_question_to_the_database() throws Exception {
        JsonNode problem = problem(authorized("POST", MESSAGES, "{\"content\":\"\"}"), 422);

        assertThat(problem.path("errors")).hasSize(4);
        assertThat(problem.path("errors")).allSatisfy(error -> {
            assertThat(error.path("field").asText()).isNotBlank();
            assertThat(error.path("detail").asText()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "null", "{\"a\":1,\"a\":2}", "{}{}"})
    void a_body_is_one_object(String body) throws Exception {
        problem(authorized("POST", MESSAGES, body), 400);
    }

    @Test
    void a_body_is_not_deep() throws Exception {
        problem(authorized("POST", MESSAGES, "{\"metadata\":" + "[".repeat(60) + "]".repeat(60) + "}"), 400);
    }

    @Test
    void a_body_is_json() throws Exception {
        problem(
                call(
                        "POST",
                        MESSAGES,
                        GOOD,
                        "authorization",
                        "Bearer " + fixture.token(),
                        "content-type",
                        "text/plain"),
                415);
    }

    @Test
    void an_id_that_is_none_is_not_found() throws Exception {
        problem(authorized("GET", "/api/conversations/1/messages", ""), 404);
    }

    @Test
    void a_suspended_tenants_calls_are_refused() throws Exception {
        fixture.tenant.limit(TenantLimits.DEFAULT.suspended(true));

        problem(authorized("POST", MESSAGES, GOOD), 403);
    }

    @Test
    void a_database_that_is_away_is_told_as_such() throws Exception {
        HttpResponse<String> answer = authorized("POST", MESSAGES, GOOD);

        problem(answer, 503);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(answer.body()).doesNotContain("127.0.0.1");
    }

    @Test
    void pages_of_any_origin_may_send_a_key() throws Exception {
        HttpResponse<String> answer = call(
                "OPTIONS",
                MESSAGES,
                "",
                "origin",
                "https://shop.example",
                "access-control-request-method",
                "POST",
                "access-control-request-headers",
                "authorization,content-type,idempotency-key");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).hasValue("*");
        assertThat(answer.headers().firstValue("access-control-allow-headers"))
                .hasValueSatisfying(headers -> assertThat(headers).contains("idempotency-key"));
        assertThat(call("OPTIONS", "/api/messages/x/status", "").headers().firstValue("access-control-allow-methods"))
                .hasValueSatisfying(methods -> assertThat(methods).contains("PATCH"));
    }

    @Test
    void the_description_names_every_route_and_no_other() throws Exception {
        JsonNode paths = JSON.readTree(call("GET", "/api/openapi", "").body()).path("paths");
        Set<String> described = new TreeSet<>();
        paths.fields().forEachRemaining(path -> path.getValue().fieldNames().forEachRemaining(method -> {
            if (!method.equals("parameters")) {
                described.add(method.toUpperCase(java.util.Locale.ROOT) + " "
                        + path.getKey().replaceAll("\\{[^}]*}", ":"));
            }
        }));

        assertThat(described).isEqualTo(served());
    }

    private Set<String> served() {
        return fixture.routes().described().stream()
                .filter(route -> !route.contains(" /realtime/v1/"))
                .filter(route -> !route.matches(".* /(echo/:name|broken|never|long/:lines|torn)"))
                .map(route -> route.replaceAll(":[a-z]+", ":"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_reference_in_the_description_leads_somewhere() throws Exception {
        JsonNode document = JSON.readTree(call("GET", "/api/openapi", "").body());

        assertThat(document.path("openapi").asText()).startsWith("3.1");
        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(
                        document.at(reference.substring(1)).isObject())
                .as(reference)
                .isTrue());
    }
}
