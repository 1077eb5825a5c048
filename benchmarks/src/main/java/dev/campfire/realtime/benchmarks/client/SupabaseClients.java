package dev.campfire.realtime.benchmarks.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Real supabase-js clients, all in one Node.js process. Commands are for one thread; what happens to the clients between
 * them is told to a listener on another.
 */
public final class SupabaseClients implements AutoCloseable {

    private static final String SCRIPT = "supabase-clients.mjs";
    private static final String PACKAGE = "supabase-js-2.119";
    private static final int PATIENCE_SECONDS = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Told by one thread what the clients receive, as soon as the line about it has come. */
    public interface Listener {

        /** @param at {@link System#nanoTime()} when this process knew */
        void message(long at, String client, String conversation, String content);

        /** @param status as supabase-js calls it, such as {@code SUBSCRIBED} */
        void status(long at, String client, String status);
    }

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();

    private SupabaseClients(Process process) {
        this.process = process;
        this.commands = process.outputWriter();
    }

    /**
     * Starts Node.js.
     *
     * @param packages the folder whose {@code node_modules} holds supabase-js and ws
     * @param out for the script, and the log of what Node.js complains about
     */
    public static SupabaseClients start(Path packages, Path out, Listener listener) throws IOException {
        Path script = out.resolve(SCRIPT);
        try (InputStream in = SupabaseClients.class.getResourceAsStream("/" + SCRIPT)) {
            if (in == null) {
                throw new IOException(SCRIPT + " is not on the class path");
            }
            Files.write(script, in.readAllBytes());
        }
        Process process = new ProcessBuilder("node", script.toString(), packages.toString(), PACKAGE)
                .redirectError(out.resolve("node.log").toFile())
                .start();
        SupabaseClients clients = new SupabaseClients(process);
        Thread.ofPlatform().daemon().name("supabase-js").start(() -> clients.read(process.inputReader(), listener));
        return clients;
    }

    private void read(BufferedReader lines, Listener listener) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                handle(System.nanoTime(), JSON.readTree(line), listener);
            }
            answers.add(JSON.createObjectNode().put("error", "Node.js has ended: see node.log"));
        } catch (IOException e) {
            answers.add(JSON.createObjectNode().put("error", String.valueOf(e.getMessage())));
        }
    }

    private void handle(long at, JsonNode line, Listener listener) {
        if (line.has("message")) {
            listener.message(
                    at,
                    line.get("client").asText(),
                    line.get("conversation").asText(),
                    line.get("message").asText());
        } else if (line.has("status")) {
            listener.status(at, line.get("client").asText(), line.get("status").asText());
        } else {
            answers.add(line);
        }
    }

    /** A client of its own name and connection. */
    public void connect(String client, String url, String key) throws InterruptedException {
        call("connect", Map.of("client", client, "url", url, "key", key));
    }

    /** Subscribes, tells the listener what comes, and returns when the status is {@code SUBSCRIBED}. */
    public void listen(String client, String channel, String event) throws InterruptedException {
        call("listen", Map.of("client", client, "channel", channel, "event", event));
    }

    /** Sends typing events one after another and returns the milliseconds until each was heard. */
    public double[] typing(String from, String to, String channel, int count) throws InterruptedException {
        return numbers(call("typing", Map.of("from", from, "to", to, "channel", channel, "count", count)));
    }

    /** Sends typing events all at once and returns the milliseconds until the last was heard. */
    public double burst(String from, String to, String channel, int count) throws InterruptedException {
        return call("burst", Map.of("from", from, "to", to, "channel", channel, "count", count))
                .asDouble();
    }

    /** Joins so many channels, removes them, and returns the milliseconds of the one and of the other. */
    public double[] channels(String client, String prefix, int count) throws InterruptedException {
        return numbers(call("channels", Map.of("client", client, "prefix", prefix, "count", count)));
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }

    private JsonNode call(String command, Map<String, Object> arguments) throws InterruptedException {
        Map<String, Object> line = new TreeMap<>(arguments);
        line.put("command", command);
        try {
            commands.write(JSON.writeValueAsString(line) + "\n");
            commands.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            throw new UncheckedIOException("Node.js has ended: see node.log", e);
        }
        JsonNode answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null || answer.has("error")) {
            throw new IllegalStateException(command + " failed: "
                    + (answer == null ? "no answer" : answer.get("error").asText()));
        }
        return answer.get("result");
    }

    @Override
    public void close() {
        process.destroy();
    }
}
