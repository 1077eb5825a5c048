package dev.campfire.realtime.replay.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.campfire.realtime.replay.tool.WebhookSettings.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How events are posted to a receiver that answers as it is told to, by a clock of their own. */
final class WebhookTest {

    /** A request as it came. */
    private record Received(String body, String position, String attempt, String authorization) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    /** What is answered next; 200 when nothing is left. A negative status ends the connection instead. */
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

    private final List<Duration> waited = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private HttpServer receiver;

    @BeforeEach
    void listen() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        receiver.createContext("/hook", this::answer);
        receiver.start();
    }

    private void answer(HttpExchange call) throws java.io.IOException {
        received.add(new Received(
                new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                call.getRequestHeaders().getFirst("idempotency-key"),
                call.getRequestHeaders().getFirst("x-campfire-attempt"),
                call.getRequestHeaders().getFirst("authorization")));
        Integer status = answers.poll();
        if (status != null && status < 0) {
            call.close();
            return;
        }
        if (status != null && status == 429) {
            call.getResponseHeaders().set("retry-after", "7");
        }
        call.sendResponseHeaders(status == null ? 200 : status, -1);
        call.close();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private Webhook webhook(int batch, int retries, Refusal refusal) {
        URI address = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
        return new Webhook(
                new WebhookSettings(
                        address,
                        Map.of("Authorization", "Bearer x"),
                        batch,
                        Duration.ofSeconds(20),
                        retries,
                        Duration.ofSeconds(4),
                        refusal),
                new Backoff(Duration.ofSeconds(4), new Random(1)),
                waited::add,
                notices::add);
    }

    private static Told event(int number) {
        return new Told("position" + number, "room", "said", Instant.EPOCH, ("{\"n\":" + number + "}").getBytes());
    }

    @Test
    void each_event_is_a_request_and_acknowledged_when_it_was_answered_with_2xx() throws Exception {
        answers.addAll(List.of(200, 204));
        try (Webhook webhook = webhook(1, 3, Refusal.STOP)) {
            webhook.take(event(1));
            assertThat(webhook.acknowledged()).isEqualTo("position1");
            webhook.take(event(2));

            assertThat(webhook.acknowledged()).isEqualTo("position2");
            assertThat(received)
                    .containsExactly(
                            new Received("{\"n\":1}", "position1", "1", "Bearer x"),
                            new Received("{\"n\":2}", "position2", "1", "Bearer x"));
        }
    }

    @Test
    void a_batch_is_an_array_that_is_acknowledged_as_a_whole() throws Exception {
        try (Webhook webhook = webhook(3, 3, Refusal.STOP)) {
            for (int i = 1; i <= 4; i++) {
                webhook.take(event(i));
            }
            assertThat(webhook.acknowledged()).isEqualTo("position3");

            webhook.flush();

            assertThat(webhook.acknowledged()).isEqualTo("position4");
            assertThat(received)
                    .extracting(Received::body)
                    .containsExactly("[{\"n\":1},{\"n\":2},{\"n\":3}]", "[{\"n\":4}]");
        }
    }

    @Test
    void what_fails_is_tried_again_after_longer_and_longer_times_and_nothing_overtakes_it() throws Exception {
        answers.addAll(List.of(500, -1, 503, 408, 502, 200));
        try (Webhook webhook = webhook(1, 10, Refusal.STOP)) {
            webhook.take(event(1));
            webhook.take(event(2));
        }

        assertThat(received)
                .extracting(Received::position)
                .startsWith("position1", "position1")
                .endsWith("position1", "position2");
        assertThat(received.stream().filter(each -> each.position().equals("position1")))
                .hasSizeGreaterThanOrEqualTo(6);
        long[] bounds = {500, 1000, 2000, 4000, 4000};
        assertThat(waited).hasSizeGreaterThanOrEqualTo(4).hasSizeLessThanOrEqualTo(5);
        for (int i = 0; i < waited.size(); i++) {
            assertThat(waited.get(i).toMillis()).isBetween(bounds[i] / 2, bounds[i]);
        }
        assertThat(notices).hasSameSizeAs(waited);
    }

    @Test
    void a_receiver_that_says_when_to_come_again_is_not_asked_before() throws Exception {
        answers.add(429);
        try (Webhook webhook = webhook(1, 10, Refusal.STOP)) {
            webhook.take(event(1));
        }
        assertThat(waited).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void after_so_many_tries_it_gives_up_and_acknowledges_nothing() throws Exception {
        answers.addAll(List.of(500, 500, 500, 500));
        try (Webhook webhook = webhook(1, 2, Refusal.STOP)) {
            assertThatThrownBy(() -> webhook.take(event(1)))
                    .hasMessageContaining("answered 500")
                    .hasMessageContaining("3 tries");
            assertThat(webhook.acknowledged()).isNull();
            assertThat(received).extracting(Received::attempt).containsExactly("1", "2", "3");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 410, 422, 301})
    void what_the_receiver_refuses_ends_it_at_once(int status) throws Exception {
        answers.add(status);
        try (Webhook webhook = webhook(1, 10, Refusal.STOP)) {
            assertThatThrownBy(() -> webhook.take(event(1))).hasMessageContaining("answered " + status);
            assertThat(webhook.acknowledged()).isNull();
            assertThat(received).hasSize(1);
        }
    }

    @Test
    void what_the_receiver_refuses_is_skipped_or_tried_again_when_that_was_asked_for() throws Exception {
        answers.add(422);
        try (Webhook webhook = webhook(1, 10, Refusal.SKIP)) {
            webhook.take(event(1));
            webhook.take(event(2));
            assertThat(webhook.skipped()).isEqualTo(1);
            assertThat(webhook.acknowledged()).isEqualTo("position2");
        }
        answers.add(422);
        try (Webhook webhook = webhook(1, 10, Refusal.RETRY)) {
            webhook.take(event(3));
            assertThat(webhook.skipped()).isZero();
        }
        assertThat(received)
                .extracting(Received::position)
                .containsExactly("position1", "position2", "position3", "position3");
    }
}
