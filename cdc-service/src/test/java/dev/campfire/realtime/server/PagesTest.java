package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages and their files, as a browser fetches them. */
final class PagesTest {

    private static final String STYLE = "/assets/shared/base.css";

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + fixture.port + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return fixture.http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/demo, text/html",
        "/assets/shared/base.css, text/css",
        "/assets/shared/icon.svg, image/svg+xml",
        "/assets/uplot/uPlot.esm.js, text/javascript",
        "/assets/uplot/uPlot.min.css, text/css"
    })
    void a_file_comes_with_its_type(String path, String type) throws Exception {
        HttpResponse<byte[]> answer = send("GET", path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "content-type")).startsWith(type);
        assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.body()).isNotEmpty();
    }

    @Test
    void a_page_may_load_and_ask_nothing_but_this_service() throws Exception {
        assertThat(header(send("GET", "/"), "content-security-policy"))
                .contains("default-src 'none'", "script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http", "*");
    }

    @Test
    void a_browser_that_has_a_file_is_told_so_and_gets_it_no_second_time() throws Exception {
        String tag = header(send("GET", STYLE), "etag");

        HttpResponse<byte[]> again = send("GET", STYLE, "if-none-match", tag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "etag")).isEqualTo(tag);
        assertThat(send("GET", STYLE, "if-none-match", "\"another\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_file_is_compressed_for_those_who_read_that() throws Exception {
        HttpResponse<byte[]> plain = send("GET", "/assets/uplot/uPlot.esm.js");
        HttpResponse<byte[]> compressed =
                send("GET", "/assets/uplot/uPlot.esm.js", "accept-encoding", "br, gzip;q=0.8");

        assertThat(header(compressed, "content-encoding")).isEqualTo("gzip");
        assertThat(header(compressed, "vary")).isEqualTo("accept-encoding");
        assertThat(compressed.body().length).isLessThan(plain.body().length / 2);
        assertThat(unpacked(compressed.body())).isEqualTo(new String(plain.body(), StandardCharsets.UTF_8));
        assertThat(header(compressed, "etag")).isNotEqualTo(header(plain, "etag"));
        assertThat(header(send("GET", STYLE, "accept-encoding", "gzip;q=0"), "content-encoding"))
                .isEmpty();
    }

    @Test
    void a_head_request_gets_the_head_alone() throws Exception {
        HttpResponse<byte[]> head = send("HEAD", "/");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "content-type")).startsWith("text/html");
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/shared/nothing.css",
                "/assets/elsewhere/base.css",
                "/assets/shared/..%2Fconsole%2Findex.html",
                "/assets/shared/%2E%2E",
                "/assets/shared/.hidden",
                "/assets/uplot/..%2FLICENSE",
                "/assets/uplot/uPlot.d.ts",
                "/assets/shared"
            })
    void nothing_else_is_served(String path) throws Exception {
        assertThat(send("GET", path).statusCode()).isEqualTo(404);
    }

    private static String unpacked(byte[] compressed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
