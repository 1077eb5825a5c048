package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told what the console shows, and what is wrong with a key. */
final class ConsoleApiTest {

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + fixture.port + path));
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        return fixture.http.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/console", "/api/console/channels"})
    void only_service_role_is_told(String path) throws Exception {
        assertThat(get(path, null).statusCode()).isEqualTo(401);
        assertThat(get(path, "nonsense").statusCode()).isEqualTo(401);
        assertThat(get(path, fixture.tokenOf("anon")).statusCode()).isEqualTo(403);
        assertThat(get(path, fixture.tokenOf("authenticated")).statusCode()).isEqualTo(403);
        assertThat(get(path, fixture.tokenOf("service_role")).statusCode()).isEqualTo(200);
    }

    @Test
    void a_wrong_key_is_told_what_is_wrong_with_it() throws Exception {
        assertThat(get("/api/console", "nonsense").body()).contains("not a valid JWT");
        assertThat(get("/api/console", fixture.tokenOf("anon")).body()).contains("one of the role anon");
    }

    @Test
    void nothing_of_it_is_kept_on_the_way() throws Exception {
        assertThat(get("/api/console", fixture.tokenOf("service_role"))
                        .headers()
                        .firstValue("cache-control"))
                .hasValue("no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/console?after=17, '{\"after\":17}'",
        "/api/console/channels, '{\"search\":\"\",\"limit\":100}'",
        "/api/console/channels?search=org%3Aa&limit=5, '{\"search\":\"org:a\",\"limit\":5}'"
    })
    void parameters_are_handed_on(String path, String body) throws Exception {
        assertThat(get(path, fixture.tokenOf("service_role")).body()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/console?after=-1",
                "/api/console?after=x",
                "/api/console/channels?limit=0",
                "/api/console/channels?limit=501"
            })
    void a_malformed_parameter_is_refused(String path) throws Exception {
        assertThat(get(path, fixture.tokenOf("service_role")).statusCode()).isEqualTo(400);
    }
}
