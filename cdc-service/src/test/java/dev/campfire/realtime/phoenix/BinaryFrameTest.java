package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Message.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The byte vectors of the protocol: what real clients and the original's own tests send and expect. */
final class BinaryFrameTest {

    private final JsonReader json = new JsonReader(200);

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("[ |]", ""));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private ClientMessage read(String hex) throws MalformedMessageException {
        return ProtocolVersion.V2.serializer().readBinary(bytes(hex), json);
    }

    /** The frame that a message becomes, without its websocket header. */
    private static String write(String topic, Message message) {
        FrameEncoder encoder = ProtocolVersion.V2.serializer().forTopic(topic);
        ByteBuf out = Unpooled.buffer();
        encoder.encode(message, out);
        assertThat(out.readUnsignedByte()).as("final binary frame").isEqualTo((short) 0x82);
        assertThat((int) out.readUnsignedByte()).as("length").isEqualTo(out.readableBytes());
        return ByteBufUtil.hexDump(out);
    }

    @Test
    void reads_a_json_broadcast() throws Exception {
        ClientMessage.UserBroadcast broadcast = (ClientMessage.UserBroadcast)
                read("03 01 01 0f 05 00 01 | 36 37 | 7265616c74696d653a726f6f6d3a31 | 73686f7574 | 7b2261223a317d");

        assertThat(broadcast.joinRef()).isEqualTo(Ref.ofText("6"));
        assertThat(broadcast.ref()).isEqualTo(Ref.ofText("7"));
        assertThat(broadcast.topic()).isEqualTo("realtime:room:1");
        assertThat(broadcast.userEvent()).isEqualTo("shout");
        assertThat(broadcast.encoding()).isEqualTo(Encoding.JSON);
        assertThat(broadcast.payload()).asString().isEqualTo("{\"a\":1}");
    }

    @Test
    void reads_a_raw_broadcast() throws Exception {
        ClientMessage.UserBroadcast broadcast = (ClientMessage.UserBroadcast)
                read("03 01 01 0f 03 00 00 | 36 38 | 7265616c74696d653a726f6f6d3a31 | 62696e | 0102ff");

        assertThat(broadcast.ref()).isEqualTo(Ref.ofText("8"));
        assertThat(broadcast.userEvent()).isEqualTo("bin");
        assertThat(broadcast.encoding()).isEqualTo(Encoding.RAW);
        assertThat(broadcast.payload()).containsExactly(1, 2, 0xff);
    }

    @Test
    void reads_a_broadcast_with_metadata() throws Exception {
        ClientMessage.UserBroadcast broadcast = (ClientMessage.UserBroadcast) read("03 02 03 05 0a 0e 00" + hex("12")
                + hex("123") + hex("topic") + hex("user_event") + hex("{\"store\":true}") + "656667");

        assertThat(broadcast.joinRef()).isEqualTo(Ref.ofText("12"));
        assertThat(broadcast.ref()).isEqualTo(Ref.ofText("123"));
        assertThat(broadcast.topic()).isEqualTo("topic");
        assertThat(broadcast.userEvent()).isEqualTo("user_event");
        assertThat(broadcast.payload()).asString().isEqualTo("efg");
    }

    @Test
    void reads_a_push() throws Exception {
        assertThat(read("00 02 03 05 05" + hex("12") + hex("123") + hex("topic") + hex("event") + "656667"))
                .isEqualTo(new ClientMessage.Push(Ref.ofText("12"), Ref.ofText("123"), "topic", "event", null));
    }

    @Test
    void an_empty_ref_is_none() throws Exception {
        assertThat(read("03 00 00 01 01 00 00" + hex("t") + hex("e")).ref()).isEqualTo(Ref.NONE);
    }

    @Test
    void a_ref_with_quotes_stays_one_json_string() throws Exception {
        assertThat(read("03 00 03 01 01 00 00" + hex("\"\\\n") + hex("t") + hex("e"))
                        .ref()
                        .json())
                .isEqualTo("\"\\\"\\\\\\n\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01 02 03 05 02 3132 313233 746f706963 6f6b 656667",
                "02 05 05 746f706963 6576656e74 656667",
                "04 05 0a 00 00 746f706963 757365725f6576656e74 656667",
                "ff",
                "00",
                "00 01 01 01",
                "03 01 01 0f 05 00",
                "03 01 01 0f 05 00 01",
                "03 00 00 05 00 00 00 746f7069",
                "03 00 00 00 00 ff 00 7b7d"
            })
    void refuses_unknown_kinds_and_frames_that_are_cut(String hex) {
        assertThatThrownBy(() -> read(hex))
                .isInstanceOfSatisfying(MalformedMessageException.class, e -> assertThat(e.oddity())
                        .isEqualTo(Oddity.BAD_BINARY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}x", "{\"a\":01}", "nul", "\"\u0001\""})
    void refuses_a_json_broadcast_that_is_no_json(String payload) {
        assertThatThrownBy(() -> read("03 00 00 01 01 00 01" + hex("t") + hex("e") + hex(payload)))
                .isInstanceOfSatisfying(MalformedMessageException.class, e -> assertThat(e.oddity())
                        .isEqualTo(Oddity.NOT_JSON));
    }

    @Test
    void refuses_names_that_are_not_utf8() {
        assertThatThrownBy(() -> read("03 00 00 01 01 00 00 ff 65"))
                .isInstanceOfSatisfying(MalformedMessageException.class, e -> assertThat(e.oddity())
                        .isEqualTo(Oddity.NOT_UTF8));
    }

    @Test
    void writes_a_json_broadcast_with_metadata() {
        Message message = new Message.Broadcast(
                "shout",
                Encoding.JSON,
                "{\"id\":\"u-1\"}".getBytes(StandardCharsets.UTF_8),
                "{\"z\":1}".getBytes(StandardCharsets.UTF_8));

        assertThat(write("realtime:room:1", message))
                .isEqualTo("040f050c01" + "7265616c74696d653a726f6f6d3a31" + "73686f7574" + "7b226964223a22752d31227d"
                        + "7b227a223a317d");
    }

    @Test
    void writes_a_raw_broadcast_without_metadata() {
        Message message = new Message.Broadcast("user_event", Encoding.RAW, null, bytes("656667"));

        assertThat(write("topic", message)).isEqualTo("04050a0000" + "746f706963" + "757365725f6576656e74" + "656667");
    }
}
