package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.CaptureSettings;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.journal.JournalSettings;
import dev.campfire.realtime.server.ServerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Does what a service does, without a database, and ends: the run that a cache of linked classes is made of
 * ({@code -XX:AOTCacheOutput}). Fails when what it needs is not there.
 */
@Command(name = "train", hidden = true, description = "Runs a service for a moment, to make a cache of its classes of.")
final class TrainCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TOPIC = "realtime:training";

    TrainCommand() {}

    @Override
    public Integer call() throws Exception {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        String secret = HexFormat.of().formatHex(bytes);
        Path folder = Files.createTempDirectory("campfire-training");
        RealtimeService service = RealtimeService.of(settings(secret, folder), InstantSource.system());
        try {
            int port = service.start();
            ServiceClasses.load();
            converse(port, new TokenMinter(secret, InstantSource.system()));
        } finally {
            service.close();
            delete(folder);
        }
        return CommandLine.ExitCode.OK;
    }

    private static Settings settings(String secret, Path folder) {
        // Nobody listens on this port: capture tries, fails and waits, as it does where the database comes up later.
        DatabaseSettings nowhere = new DatabaseSettings("127.0.0.1", 1, "postgres", "postgres", "", Map.of());
        return Settings.of(
                CaptureSettings.of(nowhere),
                ServerSettings.DEFAULT.at("127.0.0.1", 0),
                List.of(secret),
                JournalSettings.in(folder.resolve("journal")));
    }

    /** Joins a channel, and hears what it says there itself. */
    private static void converse(int port, TokenMinter minter) throws Exception {
        String token = minter.mint("anon", null, Map.of(), Duration.ofMinutes(5));
        CountDownLatch heard = new CountDownLatch(3);
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + port + "/socket/websocket?vsn=2.0.0&apikey=" + token),
                            new Counting(heard))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            send(socket, "phx_join", "{\"config\":{\"broadcast\":{\"self\":true,\"ack\":true}}}");
            send(socket, "broadcast", "{\"type\":\"broadcast\",\"event\":\"hello\",\"payload\":{\"a\":1}}");
            if (!heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the service that was started for training did not answer");
            }
            socket.abort();
        }
    }

    private static void send(WebSocket socket, String event, String payload) {
        socket.sendText("[\"1\",\"1\",\"" + TOPIC + "\",\"" + event + "\"," + payload + "]", true)
                .join();
    }

    /** Counts the reply to the join, the acknowledgement and the broadcast itself. */
    private record Counting(CountDownLatch heard) implements WebSocket.Listener {

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return count(socket);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            return count(socket);
        }

        private @Nullable CompletionStage<?> count(WebSocket socket) {
            heard.countDown();
            socket.request(1);
            return null;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
