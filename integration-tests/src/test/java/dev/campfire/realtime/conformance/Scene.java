package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.HttpAnswer;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.RawSocket;
import dev.campfire.realtime.support.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;

/**
 * What one trial plays on: a channel name that nobody else has, and whatever it opens or creates, which ends with it.
 *
 * <p>JSON is written with single quotes in the scripts, because there is so much of it. {@code $} stands for the
 * channel's name in what is sent and compared.
 */
final class Scene implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Stage stage;
    private final String version;
    private final String channel = "c:" + UUID.randomUUID();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Scene(Stage stage, String version) {
        this.stage = stage;
        this.version = version;
    }

    String version() {
        return version;
    }

    boolean isV2() {
        return version.startsWith("2");
    }

    String channel() {
        return channel;
    }

    String topic() {
        return "realtime:" + channel;
    }

    int port() {
        return stage.service().port();
    }

    Database database() {
        return stage.database();
    }

    Stage stage() {
        return stage;
    }

    /** Reads JSON that is written with single quotes. */
    JsonNode json(String text) {
        return Json.read(text(text));
    }

    String text(String text) {
        return text.replace("$", channel).replace('\'', '"');
    }

    <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    PhoenixSocket open() {
        return open(version, Tokens.anon());
    }

    PhoenixSocket open(String ofVersion, String token) {
        return closing(PhoenixSocket.open(port(), ofVersion, token));
    }

    RawSocket openRaw() {
        return closing(RawSocket.open(port(), PhoenixSocket.target(version, Tokens.anon())));
    }

    /** What an attempt to open a websocket is answered with. */
    HttpAnswer handshake(String target, Map<String, String> headers) {
        return RawSocket.handshake(port(), target, headers);
    }

    /** A socket of its own that has joined the channel. */
    Member member() {
        return member("{}");
    }

    /** @param config the join's config */
    Member member(String config) {
        return member(open(), config);
    }

    Member memberWith(String token, String config) {
        return member(open(version, token), config);
    }

    /** A member that speaks a version of its own. */
    Member memberOf(String ofVersion, String config) {
        return member(open(ofVersion, Tokens.anon()), config);
    }

    Member member(PhoenixSocket socket, String config) {
        return member(socket, channel, config);
    }

    Member member(PhoenixSocket socket, String name, String config) {
        String ref = socket.pushJoin(name, Map.of("config", json(config)));
        PhoenixMessage reply = socket.awaitReply(ref);
        assertThat(reply.status()).as(reply.toString()).isEqualTo("ok");
        return new Member(this, socket, "realtime:" + name, ref, reply);
    }

    /** The answer to a join with this payload. */
    PhoenixMessage join(String payload) {
        return join(open(), channel, payload);
    }

    PhoenixMessage join(PhoenixSocket socket, String name, String payload) {
        return socket.awaitReply(socket.pushJoin(name, json(payload)));
    }

    /** Demands that a join with this payload is refused for this reason. */
    void refuses(String payload, String reason) {
        PhoenixMessage reply = join(payload);
        assertThat(reply.status()).isEqualTo("error");
        assertThat(reply.reason()).isEqualTo(reason.replace("$", channel));
    }

    /** A table of its own, published, which all clients' roles may read. */
    Table table(String columns) {
        return closing(new Table(database(), columns));
    }

    /** Runs statements as superuser; {@code $} is the channel's name. */
    void sql(String statements) {
        database().execute(statements.replace("$", channel));
    }

    /** A policy on {@code realtime.messages}, for anonymous visitors. */
    void policy(String command, String condition) {
        String name = "p_" + UUID.randomUUID();
        String clause = command.equals("INSERT") ? "WITH CHECK" : "USING";
        database()
                .execute("CREATE POLICY \"" + name + "\" ON realtime.messages FOR " + command + " TO anon " + clause
                        + " (" + condition.replace("$", channel) + ")");
        closing(() -> database().execute("DROP POLICY IF EXISTS \"" + name + "\" ON realtime.messages"));
    }

    /** Lets anonymous visitors read and write the channel's private side. */
    void allow() {
        policy("SELECT", "realtime.topic() = '$'");
        policy("INSERT", "realtime.topic() = '$'");
    }

    /** Takes back what {@link #policy} gave. */
    void dropPolicies() {
        for (String policy : database()
                .column("SELECT polname FROM pg_policy WHERE polrelid = 'realtime.messages'::regclass"
                        + " AND polname LIKE 'p\\_%'")) {
            database().execute("DROP POLICY \"" + policy + "\" ON realtime.messages");
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> call(String method, String path, String body, String... headers) {
        return send(request(path, headers).method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> postBytes(String path, byte[] body, String... headers) {
        return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(stage.service().url() + path.replace("$", channel)))
                .timeout(Duration.ofSeconds(20));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
