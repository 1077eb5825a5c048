package dev.campfire.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Frame;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Broadcasts between clients, across both versions of the protocol. */
@ExtendWith(SharedBackend.class)
class BroadcastIT {

    private static final Map<String, Object> SHOUT =
            Map.of("type", "broadcast", "event", "shout", "payload", Map.of("a", 1), "extra", "survives");

    private final int port;
    private final String channel = "room:" + UUID.randomUUID();
    private final String topic = "realtime:" + channel;

    BroadcastIT(Backend backend) {
        this.port = backend.service().port();
    }

    @Test
    void a_text_broadcast_reaches_version_two_verbatim_as_text() {
        try (PhoenixSocket sender = PhoenixSocket.open(port, "1.0.0");
                PhoenixSocket receiver = PhoenixSocket.open(port, "2.0.0")) {
            receiver.join(channel);
            String join = sender.join(channel);

            sender.push(join, topic, "broadcast", SHOUT);

            PhoenixMessage message = receiver.awaitBroadcast("shout");
            assertThat(Json.read(message.frame().text()))
                    .isEqualTo(Json.read("[null,null,\"" + topic + "\",\"broadcast\"," + Json.write(SHOUT) + "]"));
        }
    }

    @Test
    void a_text_broadcast_reaches_version_one_verbatim() {
        try (PhoenixSocket sender = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket receiver = PhoenixSocket.open(port, "1.0.0")) {
            receiver.join(channel);
            String join = sender.join(channel);

            sender.push(join, topic, "broadcast", SHOUT);

            PhoenixMessage message = receiver.awaitBroadcast("shout");
            assertThat(message.topic()).isEqualTo(topic);
            assertThat(message.payload()).isEqualTo(Json.read(Json.write(SHOUT)));
        }
    }

    @Test
    void a_binary_broadcast_of_json_reaches_version_two_as_kind_four_byte_for_byte() {
        try (PhoenixSocket sender = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket receiver = PhoenixSocket.open(port, "2.0.0")) {
            receiver.join(channel);
            String join = sender.join(channel);
            byte[] payload = "{ \"a\":1.10 }".getBytes(StandardCharsets.UTF_8);

            sender.raw().send(Frame.binary(push(join, "9", "shout", 1, payload)));

            Frame frame = receiver.awaitBroadcast("shout").frame();
            assertThat(frame.opcode()).isEqualTo(Frame.BINARY);
            assertThat(frame.payload()).isEqualTo(broadcast("shout", 1, payload));
        }
    }

    @Test
    void a_binary_broadcast_of_json_reaches_version_one_as_an_object() {
        try (PhoenixSocket sender = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket receiver = PhoenixSocket.open(port, "1.0.0")) {
            receiver.join(channel);
            String join = sender.join(channel);

            sender.raw().send(Frame.binary(push(join, "9", "shout", 1, "{\"a\":1}".getBytes(StandardCharsets.UTF_8))));

            assertThat(receiver.awaitBroadcast("shout").payload())
                    .isEqualTo(Json.read("{\"type\":\"broadcast\",\"event\":\"shout\",\"payload\":{\"a\":1}}"));
        }
    }

    @Test
    void a_binary_broadcast_of_bytes_reaches_version_two_only() {
        try (PhoenixSocket sender = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket two = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket one = PhoenixSocket.open(port, "1.0.0")) {
            two.join(channel);
            one.join(channel);
            String join = sender.join(channel);
            byte[] payload = {1, 2, (byte) 0xFF};

            sender.raw().send(Frame.binary(push(join, "9", "bin", 0, payload)));

            assertThat(two.awaitBroadcast("bin").frame().payload()).isEqualTo(broadcast("bin", 0, payload));
            assertThat(one.drain()).isEmpty();
        }
    }

    @Test
    void a_sender_hears_itself_only_when_it_asked_to() {
        try (PhoenixSocket quiet = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket loud = PhoenixSocket.open(port, "2.0.0")) {
            String quietJoin = quiet.join(channel);
            String loudJoin = loud.join(channel, Map.of("broadcast", Map.of("self", true)));

            loud.push(
                    loudJoin,
                    topic,
                    "broadcast",
                    Map.of("type", "broadcast", "event", "of-the-loud", "payload", Map.of()));
            quiet.push(
                    quietJoin,
                    topic,
                    "broadcast",
                    Map.of("type", "broadcast", "event", "of-the-quiet", "payload", Map.of()));

            loud.awaitBroadcast("of-the-loud");
            loud.awaitBroadcast("of-the-quiet");
            quiet.awaitBroadcast("of-the-loud");
            assertThat(quiet.drain()).isEmpty();
        }
    }

    @Test
    void a_broadcast_is_acknowledged_only_where_the_join_asked_for_it() {
        try (PhoenixSocket silent = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket acknowledged = PhoenixSocket.open(port, "2.0.0")) {
            String silentJoin = silent.join("other:" + channel);
            String join = acknowledged.join(channel, Map.of("broadcast", Map.of("ack", true)));

            silent.push(silentJoin, "realtime:other:" + channel, "broadcast", SHOUT);
            String ref = acknowledged.push(join, topic, "broadcast", SHOUT);

            PhoenixMessage reply = acknowledged.awaitReply(ref);
            assertThat(reply.joinRef()).isEqualTo(join);
            assertThat(reply.payload()).isEqualTo(Json.read("{\"status\":\"ok\",\"response\":{}}"));
            assertThat(silent.drain()).isEmpty();
        }
    }

    @Test
    void a_binary_broadcast_is_acknowledged_in_text() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String join = socket.join(channel, Map.of("broadcast", Map.of("ack", true)));

            socket.raw().send(Frame.binary(push(join, "77", "shout", 1, "{}".getBytes(StandardCharsets.UTF_8))));

            assertThat(socket.awaitReply("77").frame().opcode()).isEqualTo(Frame.TEXT);
        }
    }

    @Test
    void what_one_sender_says_arrives_in_its_order() {
        try (PhoenixSocket sender = PhoenixSocket.open(port, "2.0.0");
                PhoenixSocket receiver = PhoenixSocket.open(port, "2.0.0")) {
            receiver.join(channel);
            String join = sender.join(channel);

            for (int i = 0; i < 500; i++) {
                sender.push(join, topic, "broadcast", Map.of("type", "broadcast", "event", "n", "payload", i));
            }

            List<Integer> numbers = IntStream.range(0, 500)
                    .mapToObj(i -> receiver.awaitBroadcast("n")
                            .payload()
                            .path("payload")
                            .asInt())
                    .toList();
            assertThat(numbers).isSorted().hasSize(500);
        }
    }

    /** Kind 3 as a client sends it. */
    private byte[] push(String joinRef, String ref, String event, int encoding, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {
            3, size(joinRef), size(ref), size(topic), size(event), 0, (byte) encoding,
        });
        List.of(joinRef, ref, topic, event).forEach(text -> out.writeBytes(text.getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** Kind 4 as a server sends it, without metadata. */
    private byte[] broadcast(String event, int encoding, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {4, size(topic), size(event), 0, (byte) encoding});
        List.of(topic, event).forEach(text -> out.writeBytes(text.getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    private static byte size(String text) {
        return (byte) text.getBytes(StandardCharsets.UTF_8).length;
    }
}
