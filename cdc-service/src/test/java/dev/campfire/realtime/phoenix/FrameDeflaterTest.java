package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are compressed where they stand, as RFC 7692 wants them. */
final class FrameDeflaterTest {

    private static final byte[] BEFORE = "before".getBytes(StandardCharsets.UTF_8);

    private final FrameDeflater deflater = new FrameDeflater();

    /** What becomes of a text frame behind something else. */
    private byte[] deflated(byte[] payload) {
        ByteBuf out = Unpooled.directBuffer().writeBytes(BEFORE);
        ServerFrame.text(out, payload);
        deflater.deflate(out, BEFORE.length);
        byte[] all = ByteBufUtil.getBytes(out);
        out.release();
        assertThat(all).startsWith(BEFORE);
        return Arrays.copyOfRange(all, BEFORE.length, all.length);
    }

    private static byte[] text(int length) {
        return "{\"id\":\"1\",\"record\":\"hello\"},"
                .repeat(length / 25 + 1)
                .substring(0, length)
                .getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {FrameDeflater.LEAST, 1000, 70_000, 1_000_000})
    void a_long_frame_is_marked_and_says_the_same(int length) throws Exception {
        byte[] frame = deflated(text(length));

        assertThat(frame[0]).isEqualTo((byte) 0xC1);
        assertThat(frame).hasSizeLessThan(length);
        assertThat(inflated(frame)).isEqualTo(text(length));
    }

    @Test
    void a_frame_stands_for_itself_whatever_came_before() {
        byte[] first = deflated(text(1000));
        deflated(text(5000));

        assertThat(deflated(text(1000))).isEqualTo(first);
    }

    @Test
    void a_short_frame_stays_as_it_is() {
        byte[] frame = deflated(text(FrameDeflater.LEAST - 1));

        assertThat(frame[0]).isEqualTo((byte) 0x81);
        assertThat(frame).endsWith(text(FrameDeflater.LEAST - 1));
    }

    @Test
    void what_becomes_no_shorter_stays_as_it_is() {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);

        byte[] frame = deflated(noise);

        assertThat(frame[0]).isEqualTo((byte) 0x81);
        assertThat(frame).endsWith(noise);
    }

    /** Does what a client does. */
    private static byte[] inflated(byte[] frame) throws Exception {
        int header =
                switch (frame[1]) {
                    case 126 -> 4;
                    case 127 -> 10;
                    default -> 2;
                };
        Inflater inflater = new Inflater(true);
        byte[] input = Arrays.copyOfRange(frame, header, frame.length + 4);
        input[input.length - 2] = (byte) 0xFF;
        input[input.length - 1] = (byte) 0xFF;
        inflater.setInput(input);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[1000];
        for (int count = inflater.inflate(piece); count > 0; count = inflater.inflate(piece)) {
            out.write(piece, 0, count);
        }
        inflater.end();
        return out.toByteArray();
    }
}
