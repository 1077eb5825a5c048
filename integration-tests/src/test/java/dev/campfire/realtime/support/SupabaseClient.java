package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The real supabase-js in a Node process of its own. One client has one socket, as an application's client has.
 */
public final class SupabaseClient implements AutoCloseable {

    /** The versions of supabase-js that the tests use. */
    public enum Version {
        V2_109("2.109"),
        V2_119("2.119");

        private final String number;

        Version(String number) {
            this.number = number;
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process node;
    private final Leash leash;
    private final Writer commands;
    private final AtomicLong lastCall = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final Map<String, SupabaseChannel> channels = new ConcurrentHashMap<>();

    private SupabaseClient(Process node) {
        this.node = node;
        this.leash = Leash.onProcess(node.pid());
        this.commands = node.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().name("supabase-client").daemon().start(this::read);
    }

    /** The current version with its own defaults and an anonymous visitor's token. */
    public static SupabaseClient connect(String url) {
        return with(Version.V2_119).connect(url);
    }

    public static Options with(Version version) {
        return new Options(version);
    }

    /** How a client is made, before it is. */
    public static final class Options {

        private final Map<String, Object> arguments = new HashMap<>();

        private Options(Version version) {
            arguments.put("version", version.number);
            arguments.put("key", Tokens.anon());
        }

        /** The serializer's version, instead of the client's own choice. */
        public Options vsn(String vsn) {
            arguments.put("vsn", vsn);
            return this;
        }

        /** The API key: an anonymous token unless set. */
        public Options key(String key) {
            arguments.put("key", key);
            return this;
        }

        /** The token of a signed-in user, as {@code setAuth} takes it. */
        public Options accessToken(String token) {
            arguments.put("accessToken", token);
            return this;
        }

        public Options heartbeat(Duration interval) {
            arguments.put("heartbeat", interval.toMillis());
            return this;
        }

        public SupabaseClient connect(String url) {
            Path folder = NodeModules.install();
            try {
                Process node = new ProcessBuilder("node", "client.mjs")
                        .directory(folder.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                SupabaseClient client = new SupabaseClient(node);
                arguments.put("url", url);
                client.call("connect", arguments);
                return client;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Subscribes to every broadcast of a channel and returns when supabase-js says SUBSCRIBED. */
    public SupabaseChannel subscribe(String name) {
        return join(name, List.of("*"), Map.of()).awaitSubscribed();
    }

    /**
     * Asks for a subscription and returns at once.
     *
     * @param events the event names to listen to, as {@code channel.on("broadcast", {event})} takes them
     * @param config the channel's {@code config}: {@code broadcast}, {@code presence}, {@code private}
     */
    public SupabaseChannel join(String name, List<String> events, Map<String, Object> config) {
        SupabaseChannel channel = new SupabaseChannel(this, name);
        channels.put(name, channel);
        call("subscribe", Map.of("name", name, "events", events, "config", config));
        return channel;
    }

    /** A subscription that is being put together. */
    public final class Asking {
        private final String name;
        private final Map<String, Object> arguments = new HashMap<>();

        private Asking(String name) {
            this.name = name;
            arguments.put("name", name);
            arguments.put("events", List.of("*"));
            arguments.put("config", Map.of());
        }

        public Asking config(Map<String, Object> config) {
            arguments.put("config", config);
            return this;
        }

        /** Listens to row changes: each is what {@code channel.on("postgres_changes", filter)} takes. */
        public Asking changes(List<Map<String, Object>> filters) {
            arguments.put("changes", filters);
            return this;
        }

        /** Listens to who is present. */
        public Asking presence() {
            arguments.put("presence", true);
            return this;
        }

        /** Asks, and returns at once. */
        public SupabaseChannel join() {
            SupabaseChannel channel = new SupabaseChannel(SupabaseClient.this, name);
            channels.put(name, channel);
            call("subscribe", arguments);
            return channel;
        }
    }

    public Asking channel(String name) {
        return new Asking(name);
    }

    /** Sends a broadcast on a channel that is not subscribed to: supabase-js does that over HTTP. */
    public String sendUnsubscribed(String name, String event, Object payload, Map<String, Object> config) {
        return call("sendUnsubscribed", Map.of("name", name, "event", event, "payload", payload, "config", config))
                .asText();
    }

    /** {@code realtime.setAuth} */
    public void setAuth(String token) {
        call("setAuth", Map.of("token", token));
    }

    public boolean connected() {
        return call("isConnected", Map.of()).asBoolean();
    }

    JsonNode call(String command, Map<String, Object> arguments) {
        long id = lastCall.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        calls.put(id, answer);
        Map<String, Object> line = new HashMap<>(arguments);
        line.put("command", command);
        line.put("id", id);
        try {
            synchronized (commands) {
                commands.write(Json.write(line) + "\n");
                commands.flush();
            }
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new AssertionError("supabase-js did not answer `" + command + "`", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader output = node.inputReader(StandardCharsets.UTF_8)) {
            String text;
            while ((text = output.readLine()) != null) {
                dispatch(Json.read(text));
            }
        } catch (IOException e) {
            // The process has been ended: whoever still waits for an answer is told below.
            lastWords(e);
            return;
        }
        lastWords(new IOException("node has ended"));
    }

    private void dispatch(JsonNode line) {
        switch (line.path("type").asText()) {
            case "ready" -> {}
            case "result" -> {
                CompletableFuture<JsonNode> answer =
                        calls.remove(line.path("id").asLong());
                if (answer != null && line.has("error")) {
                    answer.completeExceptionally(
                            new IOException(line.path("error").asText()));
                } else if (answer != null) {
                    answer.complete(line.path("result"));
                }
            }
            default -> {
                SupabaseChannel channel = channels.get(line.path("channel").asText());
                if (channel != null) {
                    channel.accept(line);
                }
            }
        }
    }

    private void lastWords(IOException reason) {
        calls.values().forEach(answer -> answer.completeExceptionally(reason));
        calls.clear();
    }

    @Override
    public void close() {
        node.destroyForcibly();
        leash.close();
    }
}
