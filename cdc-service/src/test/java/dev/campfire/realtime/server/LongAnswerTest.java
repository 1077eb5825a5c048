package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that are written bit by bit. */
final class LongAnswerTest {

    private ServerFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return fixture.http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fixture.port + path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void it_arrives_whole_and_the_connection_goes_on() throws Exception {
        for (int lines : new int[] {0, 1, 100_000}) {
            HttpResponse<String> answer = get("/long/" + lines);

            assertThat(answer.headers().firstValue("transfer-encoding")).contains("chunked");
            assertThat(answer.body().lines()).hasSize(lines);
        }
        assertThat(get("/healthcheck").body()).isEqualTo("ok");
    }

    @Test
    void what_fails_in_the_middle_is_not_taken_for_whole() {
        assertThatThrownBy(() -> get("/torn")).isInstanceOf(IOException.class);
    }

    @Test
    void a_client_of_http_1_0_gets_it_without_chunks() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.port)) {
            socket.getOutputStream().write("GET /long/3 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("\r\n\r\n0\n1\n2\n");
        }
    }

    @Test
    void it_is_written_no_faster_than_it_is_read_and_ends_with_its_client() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.port)) {
            socket.getOutputStream()
                    .write(("GET /long/" + Long.MAX_VALUE + " HTTP/1.1\r\nhost: x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isPositive();
            AtomicLong before = new AtomicLong(-1);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> before.getAndSet(fixture.longBytes.get()) == fixture.longBytes.get());
            long written = fixture.longBytes.get();
            in.readNBytes(20_000_000);

            await().atMost(Duration.ofSeconds(60)).until(() -> fixture.longBytes.get() > written);
            assertThat(fixture.longInterrupted.get()).isZero();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> fixture.longInterrupted.get() == 1);
    }
}
