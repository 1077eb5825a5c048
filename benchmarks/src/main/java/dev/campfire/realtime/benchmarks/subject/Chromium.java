package dev.campfire.realtime.benchmarks.subject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, spoken to in its own protocol (DevTools), where one is installed. For one thread. */
public final class Chromium implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Leash leash;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Answers answers = new Answers();
    private final WebSocket page;
    private int requests;

    private Chromium(Process process, URI browser, String url) throws Exception {
        this.process = process;
        this.leash = Leash.on(process.pid(), "KILL");
        URI open = new URI("http://" + browser.getAuthority() + "/json/new?" + url);
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(open)
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        String debugger =
                JSON.readTree(answer.body()).path("webSocketDebuggerUrl").asText();
        this.page = http.newWebSocketBuilder()
                .buildAsync(URI.create(debugger), answers)
                .join();
    }

    /** The program, empty where there is none. */
    public static Optional<Path> find() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Programs.find(name).stream())
                .findFirst();
    }

    /**
     * Starts it, and opens the page; what the page loads may still be on its way.
     *
     * @param profile a folder that is its own
     */
    public static Chromium open(Path program, Path profile, String url) throws Exception {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1280,900",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Chromium(process, address(process), url);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static URI address(Process process) throws IOException {
        BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                // What else it has to say must not fill the pipe.
                Thread.ofPlatform().daemon().start(() -> errors.lines().forEach(any -> {}));
                return URI.create(line.substring(LISTENING.length()).strip());
            }
        }
        throw new IOException("Chromium ended before it listened");
    }

    /**
     * Evaluates JavaScript on the page, and waits when it is a promise.
     *
     * @throws IOException what the page throws
     */
    public JsonNode evaluate(String expression) throws IOException, InterruptedException {
        CompletableFuture<JsonNode> answer = answers.next(++requests);
        page.sendText(
                        JSON.writeValueAsString(Map.of(
                                "id",
                                requests,
                                "method",
                                "Runtime.evaluate",
                                "params",
                                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true))),
                        true)
                .join();
        try {
            JsonNode result = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).path("result");
            if (result.has("exceptionDetails")) {
                throw new IOException(result.path("exceptionDetails").toString());
            }
            return result.path("result").path("value");
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the page does not answer", e);
        }
    }

    /** Waits until this is true on the page. */
    public void await(String condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!evaluate("!!(" + condition + ")").asBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("it does not come about on the page that " + condition);
            }
            Thread.sleep(50);
        }
    }

    /** Collects what comes until it is whole, and answers the one request that is open. */
    private static final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private volatile int awaited;
        private volatile CompletableFuture<JsonNode> answer = new CompletableFuture<>();

        CompletableFuture<JsonNode> next(int id) {
            awaited = id;
            answer = new CompletableFuture<>();
            return answer;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    JsonNode message = JSON.readTree(text.toString());
                    if (message.path("id").asInt() == awaited) {
                        answer.complete(message);
                    }
                } catch (IOException e) {
                    answer.completeExceptionally(e);
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            answer.completeExceptionally(error);
        }
    }

    @Override
    public void close() throws IOException {
        page.abort();
        http.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        leash.close();
    }
}
