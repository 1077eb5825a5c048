package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;

/** An HTTP server of this machine that takes posted events, and answers as it is told to. */
public final class WebhookReceiver implements AutoCloseable {

    /**
     * A request as it came.
     *
     * @param status what it was answered with
     */
    public record Post(JsonNode body, String position, int status) {}

    private final HttpServer server;
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private volatile IntUnaryOperator answers = number -> 200;

    public WebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange call) throws IOException {
        JsonNode body = Json.read(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        int status = answers.applyAsInt(posts.size());
        posts.add(new Post(body, call.getRequestHeaders().getFirst("Idempotency-Key"), status));
        call.sendResponseHeaders(status, -1);
        call.close();
    }

    /** From now on the status for the request of this number, from 0 on. */
    public WebhookReceiver answering(IntUnaryOperator statuses) {
        answers = statuses;
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** Everything that came, in order. */
    public List<Post> posts() {
        return List.copyOf(posts);
    }

    /** What of it was acknowledged. */
    public List<Post> acknowledged() {
        return posts.stream().filter(post -> post.status() < 300).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
