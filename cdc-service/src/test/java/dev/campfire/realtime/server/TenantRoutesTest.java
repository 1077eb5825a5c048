package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.LeakCheck;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tenant API and metrics: who is let in, and what is changed. */
@ExtendWith(LeakCheck.class)
final class TenantRoutesTest {

    private static final String TENANT = "/api/tenants/test";

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture(Duration.ofMillis(700), Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpResponse<String> send(String method, String path, String token, String body) throws Exception {
        return fixture.http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + fixture.port + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void the_anon_key_reads_the_health_by_get_and_head() throws Exception {
        HttpResponse<String> health = send("GET", TENANT + "/health", fixture.token(), "");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"healthy\":true", "\"replication_connected\":true");
        HttpResponse<String> head = send("HEAD", TENANT + "/health", fixture.token(), "");
        assertThat(head.statusCode() + head.body()).isEqualTo("200");
    }

    @ParameterizedTest
    @CsvSource({"/api/tenants/test/health", "/api/tenants", "/api/tenants/test", "/metrics", "/metrics/eu"})
    void without_a_good_token_the_answer_is_an_empty_403(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, "x", "");

        assertThat(answer.statusCode() + answer.body()).isEqualTo("403");
    }

    @Test
    void another_tenant_is_not_found() throws Exception {
        HttpResponse<String> answer = send("GET", "/api/tenants/other/health", fixture.token(), "");

        assertThat(answer.statusCode() + answer.body()).isEqualTo("404{\"message\":\"not found\"}");
    }

    @ParameterizedTest
    @CsvSource({"PATCH,''", "PUT,''", "DELETE,''", "POST,/reload", "POST,/shutdown"})
    void keys_that_browsers_hold_change_nothing(String method, String path) throws Exception {
        for (String role : new String[] {"anon", "authenticated"}) {
            HttpResponse<String> answer =
                    send(method, TENANT + path, fixture.tokenOf(role), "{\"tenant\":{\"suspend\":true}}");

            assertThat(answer.statusCode() + answer.body()).isEqualTo("403");
        }
        assertThat(fixture.tenant.limits().isSuspended()).isFalse();
    }

    @Test
    void the_service_role_changes_limits_at_once() throws Exception {
        HttpResponse<String> answer =
                send("PATCH", TENANT, fixture.tokenOf("service_role"), "{\"tenant\":{\"max_events_per_second\":7}}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"max_events_per_second\":7").doesNotContain("secret");
        assertThat(fixture.tenant.limits().eventsPerSecond()).isEqualTo(7);
    }

    @Test
    void a_reload_sends_all_sockets_away() throws Exception {
        try (TestSocket socket = fixture.open("2.0.0")) {
            assertThat(send("POST", TENANT + "/reload", fixture.tokenOf("service_role"), "")
                            .statusCode())
                    .isEqualTo(204);

            assertThat(socket.next()).isEqualTo("close 1012");
        }
    }

    @Test
    void an_answer_that_does_not_come_is_given_up() throws Exception {
        assertThat(send("GET", "/never", "x", "").statusCode()).isEqualTo(503);
    }
}
