package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.LeakCheck;
import dev.campfire.realtime.access.AuthorityException;
import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.limits.TenantLimits;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Broadcasts that are posted: what is answered, and what receivers get. */
@ExtendWith(LeakCheck.class)
final class BroadcastPostTest {

    private static final String BATCH = "/api/broadcast";
    private static final String JSON = "application/json";

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpResponse<String> post(String path, String type, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + fixture.port + path))
                .POST(BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("content-type", type);
        }
        request.headers(headers.length > 0 ? headers : new String[] {"authorization", "Bearer " + fixture.token()});
        return fixture.http.send(request.build(), BodyHandlers.ofString());
    }

    private String batch(String body) throws Exception {
        return said(post(BATCH, JSON, body));
    }

    private static String said(HttpResponse<String> answer) {
        return (answer.statusCode() + " " + answer.body()).strip();
    }

    private TestSocket join(String version, String topic) throws Exception {
        TestSocket socket = fixture.open(version);
        String join = "{\"config\":{}}";
        socket.send(
                version.startsWith("1")
                        ? "{\"topic\":\"realtime:" + topic + "\",\"event\":\"phx_join\",\"payload\":" + join
                                + ",\"ref\":\"1\",\"join_ref\":\"1\"}"
                        : "[\"1\",\"1\",\"realtime:" + topic + "\",\"phx_join\"," + join + "]");
        assertThat(socket.next()).contains("\"ok\"");
        return socket;
    }

    /** What the socket gets behind what belongs to its join. */
    private static String broadcast(TestSocket socket) throws InterruptedException {
        String message = socket.next();
        while (message.contains("presence_state") || message.contains("\"system\"")) {
            message = socket.next();
        }
        return message;
    }

    private void limit(int eventsPerSecond, boolean isSuspended) {
        fixture.tenant.limit(TenantLimits.DEFAULT
                .eventsPerSecond(eventsPerSecond)
                .payload(1_000)
                .suspended(isSuspended));
    }

    /** Answers everything about private channels in one way, and notes what it was asked. */
    private List<String> answer(CompletionStage<Boolean> answer) {
        List<String> asked = new CopyOnWriteArrayList<>();
        fixture.authority = new ChannelAuthority() {
            @Override
            public CompletionStage<Set<Extension>> readable(ChannelUser user, Set<Extension> extensions) {
                return CompletableFuture.completedStage(extensions);
            }

            @Override
            public CompletionStage<Boolean> isWritable(ChannelUser user, Extension extension) {
                asked.add(user.topic() + " " + user.claims().role() + " " + extension);
                return answer;
            }
        };
        return asked;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/broadcast", "/realtime/v1/api/broadcast?apikey=x&log_level=info&vsn=2.0.0"})
    void a_batch_reaches_both_versions_as_text_with_its_id(String path) throws Exception {
        try (TestSocket second = join("2.0.0", "r3");
                TestSocket first = join("1.0.0", "r3")) {
            assertThat(said(post(path, JSON, """
                            {"messages":[{"topic":"r3","event":"e","payload":{"a":1.10},"id":"an-id"}]}"""))).isEqualTo("202");

            String object =
                    "{\"payload\":{\"a\":1.10},\"event\":\"e\",\"type\":\"broadcast\",\"meta\":{\"id\":\"an-id\"}}";
            assertThat(broadcast(second)).isEqualTo("[null,null,\"realtime:r3\",\"broadcast\"," + object + "]");
            assertThat(broadcast(first)).contains(object).contains("\"event\":\"broadcast\"");
        }
    }

    @Test
    void a_single_broadcast_reaches_version_two_as_kind_four_byte_for_byte() throws Exception {
        try (TestSocket socket = join("2.0.0", "r2")) {
            assertThat(said(post("/api/broadcast/r2/events/ev%20x?apikey=k", JSON, "{ \"a\":1.10 }")))
                    .isEqualTo("202");

            assertThat(broadcast(socket))
                    .isEqualTo("040b040001" + TestSocket.hex("realtime:r2") + TestSocket.hex("ev x")
                            + TestSocket.hex("{ \"a\":1.10 }"));
        }
    }

    @Test
    void bytes_reach_version_two_as_they_are() throws Exception {
        try (TestSocket socket = join("2.0.0", "r2")) {
            assertThat(said(post("/api/broadcast/r2/events/e", "application/octet-stream", "{raw")))
                    .isEqualTo("202");

            assertThat(broadcast(socket))
                    .isEqualTo("040b010000" + TestSocket.hex("realtime:r2") + TestSocket.hex("e")
                            + TestSocket.hex("{raw"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{}|422 {\"errors\":{\"messages\":[\"can't be blank\"]}}",
                "{\"messages\":[]}|422 {\"errors\":{\"messages\":[\"can't be blank\"]}}",
                "[1]|422 {\"errors\":{\"messages\":[\"can't be blank\"]}}",
                "{\"messages\":[1]}|422 {\"errors\":{\"messages\":[\"is invalid\"]}}",
                "{\"messages\":[{\"topic\":\"t\",\"event\":\"e\",\"payload\":{}},{\"topic\":\"t\"}]}"
                        + "|422 {\"errors\":{\"messages\":[{},{\"payload\":[\"can't be blank\"],\"event\":[\"can't be blank\"]}]}}",
                "{\"messages\":[{\"topic\":\" \",\"event\":7,\"payload\":[]}]}"
                        + "|422 {\"errors\":{\"messages\":[{\"payload\":[\"is invalid\"],\"event\":[\"is invalid\"],"
                        + "\"topic\":[\"can't be blank\"]}]}}",
                "{\"messages\":|400 {\"message\":\"The body is not JSON\"}"
            })
    void a_batch_that_is_wrong_says_where(String body, String expected) throws Exception {
        assertThat(batch(body)).isEqualTo(expected);
    }

    @Test
    void a_payload_beyond_the_limit_is_refused() throws Exception {
        limit(TenantLimits.NONE, false);
        String large = "{\"a\":\"" + "x".repeat(1_000) + "\"}";

        assertThat(batch("{\"messages\":[{\"topic\":\"t\",\"event\":\"e\",\"payload\":" + large + "}]}"))
                .isEqualTo("422 {\"errors\":{\"messages\":[{\"payload\":[\"Payload size exceeds tenant limit\"]}]}}");
        assertThat(said(post("/api/broadcast/t/events/e", JSON, large)))
                .isEqualTo("422 {\"errors\":{\"payload\":[\"Payload size exceeds tenant limit\"]}}");
    }

    @Test
    void a_body_beyond_the_limit_is_too_large() throws Exception {
        assertThat(post(BATCH, JSON, "x".repeat(10_001)).statusCode()).isEqualTo(413);
    }

    @Test
    void authorization_wins_over_both_kinds_of_key() throws Exception {
        String one = "{\"messages\":[{\"topic\":\"t\",\"event\":\"e\",\"payload\":{}}]}";

        assertThat(said(post(BATCH, JSON, one, "apikey", fixture.token()))).isEqualTo("202");
        assertThat(said(post(BATCH, JSON, one, "x-api-key", fixture.token()))).isEqualTo("202");
        assertThat(said(post(BATCH, JSON, one, "authorization", "Bearer x", "apikey", fixture.token())))
                .isEqualTo("401 {\"message\":\"Unauthorized\"}");
        assertThat(said(post(BATCH, JSON, one, "x-other", "y"))).isEqualTo("401 {\"message\":\"Unauthorized\"}");
        assertThat(said(post(BATCH, JSON, one, "apikey", fixture.token(Duration.ofSeconds(-1)))))
                .isEqualTo("401 {\"message\":\"Unauthorized\"}");
    }

    @Test
    void a_private_topic_is_asked_about_once_and_dropped_in_silence() throws Exception {
        List<String> asked = answer(CompletableFuture.completedStage(false));
        try (TestSocket socket = join("2.0.0", "open")) {
            assertThat(batch("""
                            {"messages":[{"topic":"p","event":"a","payload":{},"private":true},
                            {"topic":"p","event":"b","payload":{},"private":true},
                            {"topic":"open","event":"c","payload":{}}]}""")).isEqualTo("202");

            assertThat(broadcast(socket)).contains("\"c\"");
            assertThat(asked).containsExactly("p anon BROADCAST");
        }
    }

    @Test
    void a_single_private_broadcast_that_is_not_allowed_is_refused() throws Exception {
        answer(CompletableFuture.completedStage(false));

        assertThat(said(post("/api/broadcast/p/events/e?private=true", JSON, "{}")))
                .isEqualTo("403 {\"message\":\"Unauthorized\"}");
        assertThat(said(post("/api/broadcast/p/events/e?private=1", JSON, "{}")))
                .isEqualTo("202");
    }

    @ParameterizedTest
    @EnumSource(AuthorityException.Problem.class)
    void what_kept_a_policy_from_being_asked_is_told(AuthorityException.Problem problem) throws Exception {
        answer(CompletableFuture.failedStage(new AuthorityException(problem, "it", new IllegalStateException())));
        String expected =
                switch (problem) {
                    case POLICY, NOT_SET_UP -> "422 {\"message\":\"RLS policy error\"}";
                    case POOL_EXHAUSTED -> "429 {\"message\":\"Connection pool exhausted\"}";
                    case TOO_MANY_CONNECTIONS -> "422 {\"message\":\"Tenant database has too many connections\"}";
                    case UNREACHABLE -> "422 {\"message\":\"Tenant database unavailable\"}";
                    case QUERY_CANCELED -> "422 {\"message\":\"Query canceled\"}";
                    case MISSING_PARTITION -> "422 {\"message\":\"Missing messages partition\"}";
                };

        assertThat(said(post("/api/broadcast/p/events/e?private=true", JSON, "{}")))
                .isEqualTo(expected);
        try (TestSocket socket = join("2.0.0", "open")) {
            assertThat(batch("""
                            {"messages":[{"topic":"open","event":"with","payload":{}},
                            {"topic":"p","event":"b","payload":{},"private":true}]}""")).isEqualTo(expected);
            assertThat(batch("{\"messages\":[{\"topic\":\"open\",\"event\":\"alone\",\"payload\":{}}]}"))
                    .isEqualTo("202");
            assertThat(broadcast(socket)).contains("\"alone\"");
        }
    }

    @Test
    void other_content_types_are_not_supported() throws Exception {
        assertThat(said(post("/api/broadcast/t/events/e", "text/plain", "x")))
                .isEqualTo(
                        "415 {\"error\":\"Unsupported Media Type. Use application/json or application/octet-stream\"}");
        assertThat(said(post("/api/broadcast/t/events/e", "", "{}"))).isEqualTo("202");
    }

    @Test
    void a_batch_larger_than_the_rate_allows_is_refused_and_the_rate_is_told() throws Exception {
        limit(1, false);

        HttpResponse<String> answer = post(BATCH, JSON, """
                {"messages":[{"topic":"t","event":"a","payload":{}},{"topic":"t","event":"b","payload":{}}]}""");

        assertThat(said(answer))
                .isEqualTo("429 {\"message\":\"Too many messages to broadcast, please reduce the batch size\"}");
        assertThat(answer.headers().firstValue("x-rate-rolling")).hasValue("0");
        assertThat(answer.headers().firstValue("x-rate-limit")).hasValue("1");
        assertThat(answer.headers().firstValue("x-rate-limit-remaining")).hasValue("1");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void nothing_is_taken_while_the_rate_is_reached_or_the_service_suspended() throws Exception {
        limit(0, false);
        assertThat(batch("{}")).isEqualTo("429 {\"message\":\"Too many requests\"}");

        limit(TenantLimits.NONE, true);
        assertThat(batch("{}")).isEqualTo("403 {\"message\":\"Tenant is suspended\"}");
    }
}
