package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Strings are looked at eight bytes at a time: held against a look at each byte. */
final class JsonBufferTest {

    private static final Logger LOG = LoggerFactory.getLogger(JsonBufferTest.class);

    private static final String ALPHABET = "abcdefgh 0123!#[]~\u007f\"\\\b\f\n\r\t\u0000\u001fé漢\u2028😀";

    private final long seed = Long.getLong("campfire.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Test
    void a_string_is_read_as_the_text_that_it_was() throws IOException {
        LOG.info("seed {}", seed);
        JsonMapper json = new JsonMapper();
        for (int i = 0; i < 50_000; i++) {
            String text = text(random.nextInt(40));
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

            assertThat(json.readTree(written(utf8, random.nextInt(64))).asText())
                    .as("seed %d, text %d", seed, i)
                    .isEqualTo(text);
        }
    }

    @Test
    void any_bytes_are_escaped_as_one_after_the_other_is() {
        LOG.info("seed {}", seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int at = 0; at < bytes.length; at++) {
                // Mostly text, so that there are runs of it.
                bytes[at] = random.nextInt(12) == 0 ? bytes[at] : (byte) ('#' + random.nextInt(50));
            }

            assertThat(written(bytes, random.nextInt(64)))
                    .as("seed %d, bytes %d", seed, i)
                    .isEqualTo(byteByByte(bytes));
        }
    }

    @Test
    void every_byte_is_escaped_or_not_wherever_it_stands() {
        for (int value = 0; value < 256; value++) {
            for (int place = 0; place < 17; place++) {
                byte[] bytes = "abcdefghijklmnopq".getBytes(StandardCharsets.US_ASCII);
                bytes[place] = (byte) value;

                assertThat(written(bytes, 0)).as("%d at %d", value, place).isEqualTo(byteByByte(bytes));
            }
        }
    }

    private String text(int length) {
        int[] points = ALPHABET.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            // Eight and more letters on end are common, so that whole words are copied.
            text.appendCodePoint(
                    random.nextInt(4) > 0 ? 'a' + random.nextInt(26) : points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    /** The bytes as a string, out of the middle of an array, into a buffer that may have to grow. */
    private byte[] written(byte[] bytes, int capacity) {
        int before = random.nextInt(3);
        byte[] around = new byte[before + bytes.length + random.nextInt(3)];
        System.arraycopy(bytes, 0, around, before, bytes.length);
        JsonBuffer out = new JsonBuffer(capacity);
        out.string(around, before, before + bytes.length);
        return out.toByteArray();
    }

    private static byte[] byteByByte(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('"');
        for (int at = 0; at < bytes.length; at++) {
            byte b = bytes[at];
            int length = b < 0 ? Utf8.sequenceAt(bytes, at, bytes.length) : 0;
            if (length > 0) {
                out.write(bytes, at, length);
                at += length - 1;
            } else if (b < 0) {
                out.writeBytes("\uFFFD".getBytes(StandardCharsets.UTF_8));
            } else if (b == '"' || b == '\\') {
                out.write('\\');
                out.write(b);
            } else if (b < ' ') {
                String letter =
                        switch (b) {
                            case '\b' -> "\\b";
                            case '\f' -> "\\f";
                            case '\n' -> "\\n";
                            case '\r' -> "\\r";
                            case '\t' -> "\\t";
                            default -> "\\u%04x".formatted(b);
                        };
                out.writeBytes(letter.getBytes(StandardCharsets.US_ASCII));
            } else {
                out.write(b);
            }
        }
        out.write('"');
        return out.toByteArray();
    }
}
