package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Message.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the hub's messages look like in each version of the protocol, where that is text. */
final class FrameEncodingTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The text that a message becomes, without its websocket header. */
    private static String text(ProtocolVersion version, String topic, Message message) {
        ByteBuf out = Unpooled.buffer();
        version.serializer().forTopic(topic).encode(message, out);
        assertThat(out.readUnsignedByte()).as("final text frame").isEqualTo((short) 0x81);
        int length = out.readUnsignedByte();
        if (length == 126) {
            length = out.readUnsignedShort();
        }
        assertThat(length).isEqualTo(out.readableBytes());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_push_goes_out_verbatim() {
        Message push = new Message.Push("broadcast", utf8("{ \"event\" : \"e\" }"));

        assertThat(text(ProtocolVersion.V2, "realtime:\"r\"", push))
                .isEqualTo("[null,null,\"realtime:\\\"r\\\"\",\"broadcast\",{ \"event\" : \"e\" }]");
        assertThat(text(ProtocolVersion.V1, "realtime:\"r\"", push))
                .isEqualTo(
                        "{\"topic\":\"realtime:\\\"r\\\"\",\"event\":\"broadcast\",\"payload\":{ \"event\" : \"e\" },"
                                + "\"ref\":null}");
    }

    @Test
    void version_1_gets_a_broadcast_as_an_object() {
        Message broadcast = new Message.Broadcast("a\"b", Encoding.JSON, utf8("{\"id\":\"x\"}"), utf8("[1]"));

        assertThat(text(ProtocolVersion.V1, "realtime:r", broadcast))
                .isEqualTo("{\"topic\":\"realtime:r\",\"event\":\"broadcast\",\"payload\":{\"type\":\"broadcast\","
                        + "\"event\":\"a\\\"b\",\"payload\":[1],\"meta\":{\"id\":\"x\"}},\"ref\":null}");
    }

    @Test
    void version_1_gets_no_raw_broadcast() {
        ByteBuf out = Unpooled.buffer();

        ProtocolVersion.V1
                .serializer()
                .forTopic("realtime:r")
                .encode(new Message.Broadcast("e", Encoding.RAW, null, new byte[] {1}), out);

        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void version_2_gets_a_name_that_no_binary_frame_can_carry_as_text() {
        String name = "n".repeat(256);
        Message broadcast = new Message.Broadcast(name, Encoding.JSON, null, utf8("{}"));

        assertThat(text(ProtocolVersion.V2, "realtime:r", broadcast))
                .isEqualTo("[null,null,\"realtime:r\",\"broadcast\",{\"type\":\"broadcast\",\"event\":\"" + name
                        + "\",\"payload\":{}}]");
    }

    @ParameterizedTest
    @CsvSource({"125, 2", "126, 4", "65535, 4", "65536, 10"})
    void the_header_has_the_size_that_the_length_needs(int length, int header) {
        ByteBuf out = Unpooled.buffer();

        ServerFrame.text(out, new byte[length]);

        assertThat(out.readableBytes()).isEqualTo(header + length);
        assertThat(out.getByte(1)).isEqualTo((byte) (header == 2 ? length : header == 4 ? 126 : 127));
        assertThat(header == 2 ? length : header == 4 ? out.getUnsignedShort(2) : out.getLong(2))
                .isEqualTo(length);
    }
}
