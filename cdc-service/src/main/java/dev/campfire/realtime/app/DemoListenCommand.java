package dev.campfire.realtime.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.identity.TokenMinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A client in a terminal: what a subscriber of the demo's conversation receives, a line each. */
@Command(
        name = "listen",
        mixinStandardHelpOptions = true,
        description = {
            "Joins a channel of a running demo as the sample agent, and prints what arrives: the time, the event, how long"
                    + " after the commit it came, and its payload. Ctrl-C ends it."
        })
final class DemoListenCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "CHANNEL",
            description = "The channel; the sample conversation's by default.")
    private @Nullable String channel;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "4000", description = "Where the service listens.")
    private int port;

    DemoListenCommand() {}

    @Override
    public Integer call() throws Exception {
        TokenMinter minter = new TokenMinter(DemoSecret.orFrom(System.getenv()), InstantSource.system());
        String topic = "realtime:" + (channel == null ? DemoText.channel() : channel);
        CompletableFuture<String> closed = new CompletableFuture<>();
        try (ScheduledExecutorService heartbeat = Executors.newSingleThreadScheduledExecutor(
                        task -> Thread.ofPlatform().daemon().unstarted(task));
                HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket = connect(client, DemoCommand.agentToken(minter), new Printer(topic, closed));
            String join = JSON.writeValueAsString(List.of("1", "1", topic, "phx_join", Map.of("config", Map.of())));
            socket.sendText(join, true).join();
            heartbeat.scheduleAtFixedRate(
                    () -> socket.sendText("[null,\"h\",\"phoenix\",\"heartbeat\",{}]", true), 25, 25, TimeUnit.SECONDS);
            throw new IOException("The server closed the connection: " + closed.join());
        }
    }

    private WebSocket connect(HttpClient client, String token, WebSocket.Listener listener) throws IOException {
        URI address = URI.create("ws://localhost:" + port + "/realtime/v1/websocket?vsn=2.0.0&apikey="
                + URLEncoder.encode(token, StandardCharsets.UTF_8));
        try {
            return client.newWebSocketBuilder().buildAsync(address, listener).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ConnectException) {
                throw new IOException("Nothing listens on port " + port + ". Start  ./campfire demo  first.", e);
            }
            throw new IOException("The connection was refused: " + e.getMessage(), e);
        }
    }

    /** Prints messages of either form; see the layouts of the serializer 2.0.0. */
    private final class Printer implements WebSocket.Listener {

        private final String topic;
        private final CompletableFuture<String> closed;
        private final PrintWriter out = spec.commandLine().getOut();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        Printer(String topic, CompletableFuture<String> closed) {
            this.topic = topic;
            this.closed = closed;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                onMessage(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            binary.writeBytes(bytes);
            if (last) {
                onEvent(binary.toByteArray());
                binary.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(String.valueOf(error.getMessage()));
        }

        private void onMessage(String message) {
            try {
                JsonNode parts = JSON.readTree(message);
                if (parts.path(3).asText().equals("phx_reply")
                        && parts.path(2).asText().equals(topic)) {
                    boolean joined = parts.path(4).path("status").asText().equals("ok");
                    print(
                            joined
                                    ? "joined " + topic + ", waiting"
                                    : "refused: " + parts.path(4).path("response"));
                } else if (!parts.path(2).asText().equals("phoenix")) {
                    print(parts.path(3).asText() + "  " + parts.path(4));
                }
            } catch (IOException e) {
                print("not JSON: " + message);
            }
        }

        /** Kind 4: sizes of topic, event and metadata, the encoding, and then these and the payload. */
        private void onEvent(byte[] frame) {
            int topicSize = frame[1] & 0xFF;
            int eventSize = frame[2] & 0xFF;
            int metadataSize = frame[3] & 0xFF;
            int start = 5 + topicSize + eventSize + metadataSize;
            String event = new String(frame, 5 + topicSize, eventSize, StandardCharsets.UTF_8);
            String payload = new String(frame, start, frame.length - start, StandardCharsets.UTF_8);
            print(event + latency(payload) + "  " + payload);
        }

        private String latency(String payload) {
            try {
                String committed =
                        JSON.readTree(payload).path("commit_timestamp").asText("");
                return committed.isEmpty()
                        ? ""
                        : "  +" + Math.max(0, ChronoUnit.MILLIS.between(Instant.parse(committed), Instant.now()))
                                + " ms";
            } catch (IOException e) {
                return "";
            }
        }

        private void print(String line) {
            out.println(LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + "  " + line);
            out.flush();
        }
    }
}
