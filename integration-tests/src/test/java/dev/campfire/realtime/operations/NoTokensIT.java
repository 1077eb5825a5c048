package dev.campfire.realtime.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code campfire serve} hands out to whoever asks for what the demo's page is made of: no token, ever. */
@ExtendWith(SharedBackend.class)
class NoTokensIT {

    private final String url;

    NoTokensIT(Backend backend) {
        this.url = backend.service().url();
    }

    private HttpResponse<String> ask(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void the_demos_session_is_empty_also_for_its_own_page_and_for_the_service_role() throws Exception {
        HttpResponse<String> bare = ask("GET", "/demo/session");
        HttpResponse<String> ofPage = ask("GET", "/demo/session", "origin", url, "sec-fetch-site", "same-origin");
        HttpResponse<String> ofService = ask(
                "GET",
                "/demo/session",
                "authorization",
                "Bearer " + Tokens.ofRole("service_role", Duration.ofMinutes(1)));

        for (HttpResponse<String> answer : List.of(bare, ofPage, ofService)) {
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().map().toString()).doesNotContain("eyJ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/v1/demo/session", "/demo/session/", "/demo//session", "/api/demo/session"})
    void it_stands_under_no_other_address(String path) throws Exception {
        assertThat(ask("GET", path).body()).doesNotContain("eyJ").doesNotContain("anonKey");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/demo", "/health", "/api/openapi"})
    void nothing_that_everybody_may_read_holds_a_token(String path) throws Exception {
        HttpResponse<String> answer = ask("GET", path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("eyJ");
    }
}
