package dev.campfire.realtime.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the protocol on a {@link RawSocket}: it speaks as it is told, message by message. For one thread. */
public final class PhoenixSocket implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RawSocket socket;
    private final String vsn;
    private final Deque<PhoenixMessage> unread = new ArrayDeque<>();
    private int lastRef;

    private PhoenixSocket(RawSocket socket, String vsn) {
        this.socket = socket;
        this.vsn = vsn;
    }

    /** A socket with an anonymous token. */
    public static PhoenixSocket open(int port, String vsn) {
        return open(port, vsn, Tokens.anon());
    }

    public static PhoenixSocket open(int port, String vsn, String token) {
        return new PhoenixSocket(RawSocket.open(port, target(vsn, token)), vsn);
    }

    /** The request target of a websocket, as supabase-js asks for it. */
    public static String target(String vsn, String token) {
        return "/realtime/v1/websocket?apikey=" + URLEncoder.encode(token, StandardCharsets.UTF_8) + "&vsn=" + vsn;
    }

    public RawSocket raw() {
        return socket;
    }

    /** Sends a message and returns its ref. */
    public String push(@Nullable String joinRef, String topic, String event, Object payload) {
        String ref = Integer.toString(++lastRef);
        push(joinRef, ref, topic, event, payload);
        return ref;
    }

    private void push(@Nullable String joinRef, @Nullable String ref, String topic, String event, Object payload) {
        if (vsn.startsWith("2")) {
            List<@Nullable Object> message = new ArrayList<>();
            message.add(joinRef);
            message.add(ref);
            message.addAll(List.of(topic, event, payload));
            socket.sendText(Json.write(message));
        } else {
            Map<String, @Nullable Object> message = new LinkedHashMap<>();
            message.put("topic", topic);
            message.put("event", event);
            message.put("payload", payload);
            message.put("ref", ref);
            if (joinRef != null) {
                message.put("join_ref", joinRef);
            }
            socket.sendText(Json.write(message));
        }
    }

    /** Joins a channel, demands that it succeeds, and returns the join's ref. */
    public String join(String channel) {
        return join(channel, Map.of());
    }

    /** @param config the join's {@code config} */
    public String join(String channel, Map<String, Object> config) {
        String ref = pushJoin(channel, Map.of("config", config));
        PhoenixMessage reply = awaitReply(ref);
        assertThat(reply.status()).as(reply.toString()).isEqualTo("ok");
        return ref;
    }

    /** Asks to join and returns the join's ref. */
    public String pushJoin(String channel, Object payload) {
        String ref = Integer.toString(++lastRef);
        push(ref, ref, "realtime:" + channel, "phx_join", payload);
        return ref;
    }

    public PhoenixMessage awaitReply(String ref) {
        return await("a reply to " + ref, message -> message.event().equals("phx_reply") && ref.equals(message.ref()));
    }

    /** The first broadcast of this event not yet returned. */
    public PhoenixMessage awaitBroadcast(String userEvent) {
        return await(
                "broadcast " + userEvent,
                message -> message.event().equals("broadcast")
                        && message.userEvent().equals(userEvent));
    }

    /** The first message of this event not yet returned. */
    public PhoenixMessage awaitEvent(String event) {
        return await(event, message -> message.event().equals(event));
    }

    /** The first message not yet returned that fits; what does not is kept for later questions. */
    public PhoenixMessage await(String what, Predicate<PhoenixMessage> fits) {
        for (PhoenixMessage message : unread) {
            if (fits.test(message)) {
                unread.remove(message);
                return message;
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Frame frame = socket.poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            if (frame == null) {
                break;
            }
            if (frame.opcode() > Frame.BINARY) {
                continue;
            }
            PhoenixMessage message = PhoenixMessage.decode(frame);
            if (fits.test(message)) {
                return message;
            }
            unread.add(message);
        }
        throw new AssertionError("no " + what + "; unread: " + unread);
    }

    /**
     * What has come and was not yet returned. A heartbeat's reply marks the end, so that whatever the server sent before
     * it is included.
     */
    public List<PhoenixMessage> drain() {
        awaitReply(push(null, "phoenix", "heartbeat", Map.of()));
        List<PhoenixMessage> all = List.copyOf(unread);
        unread.clear();
        return all;
    }

    @Override
    public void close() {
        socket.close();
    }
}
