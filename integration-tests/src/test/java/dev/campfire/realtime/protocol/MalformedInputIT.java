package dev.campfire.realtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Frame;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.RawSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is malformed is dropped without a word and costs nobody the connection, unless the frame itself is broken. */
@ExtendWith(SharedBackend.class)
class MalformedInputIT {

    private static final int LARGEST_MESSAGE = 5_000_000;

    private final int port;

    MalformedInputIT(Backend backend) {
        this.port = backend.service().port();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nonsense",
                "{",
                "null",
                "7",
                "\"text\"",
                "{}",
                "[]",
                "[null,\"x\",\"phoenix\",\"heartbeat\"]",
                "[1,2,3,4,5]",
                "[null,null,null,null,null]",
                "{\"topic\":\"phoenix\"}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void a_malformed_text_is_dropped_and_the_socket_lives(String text) {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            socket.raw().sendText(text);

            assertThat(socket.drain()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[null,\"x\",\"phoenix\",\"heartbeat\",{}]",
                "{\"topic\":\"phoenix\",\"event\":\"heartbeat\"}"
            })
    void a_malformed_object_of_version_one_is_dropped_and_the_socket_lives(String text) {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "1.0.0")) {
            socket.raw().sendText(text);

            assertThat(socket.drain()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "03", "0301", "03ffffffffff01", "09010203", "0301010f05000136"})
    void a_malformed_binary_message_is_dropped_and_the_socket_lives(String hex) {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            socket.raw().send(Frame.binary(HexFormat.of().parseHex(hex)));

            assertThat(socket.drain()).isEmpty();
        }
    }

    @Test
    void elements_beyond_the_fifth_are_ignored() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            socket.raw().sendText("[null,\"42\",\"phoenix\",\"heartbeat\",{},\"more\",[]]");

            assertThat(socket.awaitReply("42").status()).isEqualTo("ok");
        }
    }

    @Test
    void an_unknown_event_on_a_joined_channel_is_dropped() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String channel = "room:" + UUID.randomUUID();
            String join = socket.join(channel);

            socket.push(join, "realtime:" + channel, "no_such_event", Map.of());

            assertThat(socket.drain()).isEmpty();
        }
    }

    @Test
    void a_message_in_fragments_is_one_message() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            byte[] message = "[null,\"42\",\"phoenix\",\"heartbeat\",{}]".getBytes(StandardCharsets.UTF_8);

            socket.raw().send(new Frame(false, Frame.TEXT, Arrays.copyOf(message, 3)));
            socket.raw().send(new Frame(false, Frame.CONTINUATION, Arrays.copyOfRange(message, 3, 10)));
            socket.raw().send(new Frame(true, Frame.CONTINUATION, Arrays.copyOfRange(message, 10, message.length)));

            assertThat(socket.awaitReply("42").status()).isEqualTo("ok");
        }
    }

    @Test
    void a_ping_between_fragments_is_answered() {
        try (RawSocket socket = RawSocket.open(port, target())) {
            byte[] message = "[null,\"42\",\"phoenix\",\"heartbeat\",{}]".getBytes(StandardCharsets.UTF_8);

            socket.send(new Frame(false, Frame.TEXT, Arrays.copyOf(message, 3)));
            socket.send(new Frame(true, Frame.PING, new byte[] {1, 2, 3}));
            socket.send(new Frame(true, Frame.CONTINUATION, Arrays.copyOfRange(message, 3, message.length)));

            Frame pong = socket.awaitFrame();
            assertThat(pong.opcode()).isEqualTo(Frame.PONG);
            assertThat(pong.payload()).containsExactly(1, 2, 3);
            assertThat(socket.awaitFrame().opcode()).isEqualTo(Frame.TEXT);
        }
    }

    @Test
    void a_message_of_five_million_bytes_passes() {
        try (PhoenixSocket socket = PhoenixSocket.open(port, "2.0.0")) {
            String start = "[null,\"42\",\"phoenix\",\"heartbeat\",{\"x\":\"";
            String end = "\"}]";

            socket.raw().sendText(start + "x".repeat(LARGEST_MESSAGE - start.length() - end.length()) + end);

            assertThat(socket.awaitReply("42").status()).isEqualTo("ok");
        }
    }

    @Test
    void a_larger_frame_closes_the_socket() {
        try (RawSocket socket = RawSocket.open(port, target())) {
            // The head alone says enough; the server need not read the rest.
            byte[] head = Arrays.copyOf(new Frame(true, Frame.TEXT, new byte[LARGEST_MESSAGE + 1]).encode(), 100_000);

            socket.sendBytes(head);

            assertThat(socket.awaitClose().code()).isEqualTo(1009);
        }
    }

    @Test
    void a_larger_message_in_fragments_closes_the_socket() {
        try (RawSocket socket = RawSocket.open(port, target())) {
            socket.send(new Frame(false, Frame.TEXT, new byte[LARGEST_MESSAGE - 10]));

            socket.send(new Frame(true, Frame.CONTINUATION, new byte[11]));

            assertThat(socket.awaitClose().code()).isEqualTo(1009);
        }
    }

    @Test
    void an_unknown_opcode_closes_the_socket() {
        assertClosesWith(new Frame(true, 3, new byte[0]).encode(), 1002);
    }

    @Test
    void an_unmasked_frame_closes_the_socket() {
        assertClosesWith(new byte[] {(byte) 0x81, 2, 'h', 'i'}, 1002);
    }

    @Test
    void a_continuation_of_nothing_closes_the_socket() {
        assertClosesWith(new Frame(true, Frame.CONTINUATION, new byte[] {'x'}).encode(), 1002);
    }

    @Test
    void a_close_is_answered_with_its_code() {
        assertClosesWith(new Frame(true, Frame.CLOSE, new byte[] {(byte) (1000 >> 8), (byte) 1000}).encode(), 1000);
    }

    private void assertClosesWith(byte[] bytes, int code) {
        try (RawSocket socket = RawSocket.open(port, target())) {
            socket.sendBytes(bytes);

            assertThat(socket.awaitClose().code()).isEqualTo(code);
        }
    }

    private static String target() {
        return PhoenixSocket.target("2.0.0", Tokens.anon());
    }
}
