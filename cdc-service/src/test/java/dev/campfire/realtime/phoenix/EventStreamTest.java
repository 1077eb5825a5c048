package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Message.Encoding;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What messages look like in a {@code text/event-stream}. */
final class EventStreamTest {

    private static final Position PLACE = new Position(new ChangeId(1, 2, 3), 0);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(EventStreamSerializer serializer, Message message) {
        ByteBuf out = Unpooled.buffer();
        serializer.forTopic("realtime:r").encode(message, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String text(Message message) {
        return text(EventStreamSerializer.BARE, message);
    }

    private static Message.Broadcast broadcast(String event, String id, String payload) {
        return new Message.Broadcast(event, Encoding.JSON, id, utf8("{\"id\":\"x\"}"), utf8(payload), PLACE);
    }

    @Test
    void a_broadcast_has_its_id_its_name_and_an_object() {
        assertThat(text(broadcast("message:created", "00ab", "{\"a\":1}")))
                .isEqualTo("id: 00ab\nevent: message:created\n"
                        + "data: {\"event\":\"message:created\",\"payload\":{\"a\":1},\"meta\":{\"id\":\"x\"}}\n\n");
    }

    @Test
    void what_is_played_once_more_has_no_id_for_nobody_goes_on_behind_it() {
        Event event = new Event(PLACE, "room", "said", Instant.EPOCH, utf8("1"), null);

        assertThat(text(Message.Broadcast.of(event))).startsWith("id: ");
        assertThat(text(Message.Broadcast.again(event)))
                .startsWith("event: said\n")
                .contains("\"replayed\":true");
    }

    @Test
    void a_chunk_has_the_length_of_its_bytes_in_front() {
        String event = text(broadcast("ä", "1", "\"ö\""));

        assertThat(text(EventStreamSerializer.CHUNKED, broadcast("ä", "1", "\"ö\"")))
                .isEqualTo(Integer.toHexString(utf8(event).length) + "\r\n" + event + "\r\n");
    }

    @Test
    void bytes_stand_in_base64_and_say_so() {
        Message raw = new Message.Broadcast("e", Encoding.RAW, null, new byte[] {0, '\n', -1});

        assertThat(text(raw))
                .isEqualTo("event: e\ndata: {\"event\":\"e\",\"payload\":\"AAr/\",\"encoding\":\"base64\"}\n\n");
    }

    @Test
    void a_client_s_broadcast_has_its_name_and_no_id_whatever_it_says_of_itself() {
        String sent = "{\"event\":\"a\",\"meta\":{\"id\":\"forged\"},\n\"payload\":{\"event\":\"b\"},\"event\":\"c\"}";

        assertThat(text(new Message.Push("broadcast", utf8(sent))))
                .isEqualTo("event: c\ndata: " + sent.replace('\n', ' ') + "\n\n");
    }

    @Test
    void what_is_no_broadcast_is_left_out() {
        assertThat(text(new Message.Push("presence_diff", utf8("{}")))).isEmpty();
    }

    @Test
    void an_id_that_no_header_could_carry_is_left_out() {
        for (String id : List.of("", "a\nb", "a b", "\0", "ä")) {
            assertThat(text(broadcast("e", id, "1"))).doesNotContain("id: ");
        }
    }

    @Test
    void a_name_can_end_no_line() {
        assertThat(text(broadcast("a\nid: 7\r\rdata: x\0", "1", "1")))
                .startsWith("id: 1\nevent: a id: 7  data: x \ndata: {\"event\":\"a\\nid: 7\\r\\rdata: x\\u0000\",");
    }

    @Test
    void nothing_that_comes_from_outside_can_make_a_line_of_its_own() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            String name = any(random);
            String payload = any(random);
            List<String> lines =
                    List.of(text(broadcast(name, any(random), payload)).split("[\r\n]", -1));

            assertThat(lines).filteredOn(line -> line.startsWith("event: ")).hasSize(1);
            assertThat(lines).filteredOn(line -> line.startsWith("data: ")).hasSize(1);
            assertThat(lines)
                    .allMatch(line -> line.isEmpty()
                            || line.startsWith("id: ")
                            || line.startsWith("event: ")
                            || line.startsWith("data: "));
            assertThat(lines).filteredOn(String::isEmpty).hasSize(2);
        }
    }

    private static String any(Random random) {
        StringBuilder text = new StringBuilder();
        String characters = "\n\r\0:ide vntaä\u2028\u0085 {}\"";
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }
}
