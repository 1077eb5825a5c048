package dev.campfire.realtime.benchmarks.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {

    private static final String SHORT = "a";
    private static final String MEDIUM = "b".repeat(300);
    private static final String LONG = "c".repeat(600_000);

    @Test
    void takes_all_frames_that_came_with_one_read() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(frames(SHORT, MEDIUM, SHORT));

        List<String> payloads = new ArrayList<>();
        new FrameReader(in).readOnce((at, opcode, buffer, from, to) -> payloads.add(text(buffer, from, to)));

        assertThat(payloads).containsExactly(SHORT, MEDIUM, SHORT);
    }

    @Test
    void puts_frames_together_that_came_byte_by_byte() throws IOException {
        byte[] bytes = frames(SHORT, MEDIUM);

        assertThat(read(trickling(bytes), 2)).containsExactly(SHORT, MEDIUM);
    }

    @Test
    void takes_a_frame_that_is_larger_than_its_buffer() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(frames(SHORT, LONG, SHORT));

        assertThat(read(in, 3)).containsExactly(SHORT, LONG, SHORT);
    }

    @Test
    void fails_at_the_end_of_the_stream() {
        assertThatThrownBy(() -> read(new ByteArrayInputStream(new byte[0]), 1)).isInstanceOf(EOFException.class);
    }

    private static List<String> read(InputStream in, int frames) throws IOException {
        List<String> payloads = new ArrayList<>();
        FrameReader reader = new FrameReader(in);
        while (payloads.size() < frames) {
            reader.readOnce((at, opcode, buffer, from, to) -> payloads.add(text(buffer, from, to)));
        }
        return payloads;
    }

    private static String text(byte[] buffer, int from, int to) {
        return new String(buffer, from, to - from, US_ASCII);
    }

    private static byte[] frames(String... payloads) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String payload : payloads) {
            int length = payload.length();
            bytes.write(0x82);
            if (length < 126) {
                bytes.write(length);
            } else if (length < 65_536) {
                bytes.writeBytes(new byte[] {126, (byte) (length >> 8), (byte) length});
            } else {
                bytes.writeBytes(
                        new byte[] {127, 0, 0, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length});
            }
            bytes.writeBytes(payload.getBytes(US_ASCII));
        }
        return bytes.toByteArray();
    }

    private static InputStream trickling(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, 1);
            }
        };
    }
}
