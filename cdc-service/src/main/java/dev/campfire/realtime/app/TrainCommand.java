package dev.campfire.realtime.app;

import dev.campfire.realtime.identity.TokenMinter;
import dev.campfire.realtime.limits.Niceness;
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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does what a service does, from its start to the first events, and ends: the run that a cache of linked classes is made of
 * ({@code -XX:AOTCacheOutput}). It has a Postgres of its own, an embedded one or one that is told; where there is none, the
 * service is without one, and what the first change would need is only loaded, which makes a start less quick. Fails when what
 * the service needs is not there.
 */
@Command(
        name = "train",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Runs a service for a moment, to make a cache of its classes of.")
final class TrainCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = "--pg-port",
            paramLabel = "PORT",
            description =
                    "Where a Postgres listens on this machine that is there for this, and that its superuser postgres may"
                            + " enter without a password: tables are made in it. Default: an embedded one, if it is part of this"
                            + " installation.")
    private @Nullable Integer postgresPort;

    TrainCommand() {}

    @Override
    public Integer call() throws Exception {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        String secret = HexFormat.of().formatHex(bytes);
        Path folder = Files.createTempDirectory("campfire-training");
        try (TrainingDatabase database = TrainingDatabase.start(folder, postgresPort)) {
            try (ServedService served = ServedService.start(environment(secret, folder, database))) {
                converse(served, new TokenMinter(secret, InstantSource.system()), database);
                Niceness.lowerCompilers();
            }
        } finally {
            delete(folder);
        }
        return CommandLine.ExitCode.OK;
    }

    /** What a service's environment would be: reading that is a part of its start. */
    private static Map<String, String> environment(String secret, Path folder, TrainingDatabase database) {
        Map<String, String> environment = new HashMap<>(database.asService());
        environment.put("CAMPFIRE_HOST", "127.0.0.1");
        environment.put("PORT", "0");
        environment.put("API_JWT_SECRET", secret);
        environment.put("CAMPFIRE_JOURNAL", folder.resolve("journal").toString());
        return environment;
    }

    /** Joins a conversation's channel, says something there, and hears that and what is inserted. */
    private static void converse(ServedService served, TokenMinter minter, TrainingDatabase database) throws Exception {
        RealtimeService service = served.service();
        if (database.isThere()) {
            if (!service.awaitStreaming(PATIENCE)) {
                throw new IOException("the service that was started for training does not stream: "
                        + service.captureStatus().problem());
            }
        } else {
            ServiceClasses.load();
        }
        String topic = "realtime:" + (database.isThere() ? DemoText.channel() : "training");
        Semaphore heard = new Semaphore(0);
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + served.port() + "/socket/websocket?vsn=2.0.0&apikey="
                                    + DemoCommand.agentToken(minter)),
                            new Counting(heard))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            send(socket, topic, "phx_join", "{\"config\":{\"broadcast\":{\"self\":true,\"ack\":true}}}");
            send(socket, topic, "broadcast", "{\"type\":\"broadcast\",\"event\":\"hello\",\"payload\":{\"a\":1}}");
            // The replies to the join and to the broadcast, and the broadcast itself.
            await(heard, 3);
            if (database.isThere()) {
                database.insertMessage();
                await(heard, 1);
            }
            socket.abort();
        }
    }

    private static void await(Semaphore heard, int messages) throws IOException, InterruptedException {
        if (!heard.tryAcquire(messages, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("the service that was started for training did not answer");
        }
    }

    private static void send(WebSocket socket, String topic, String event, String payload) {
        socket.sendText("[\"1\",\"1\",\"" + topic + "\",\"" + event + "\"," + payload + "]", true)
                .join();
    }

    /** Counts what comes. */
    private record Counting(Semaphore heard) implements WebSocket.Listener {

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return count(socket);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            return count(socket);
        }

        private @Nullable CompletionStage<?> count(WebSocket socket) {
            heard.release();
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
