package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message of the protocol, whichever serializer it came through.
 *
 * @param frame the frame that it came in
 */
public record PhoenixMessage(
        @Nullable String joinRef, @Nullable String ref, String topic, String event, JsonNode payload, Frame frame) {

    static PhoenixMessage decode(Frame frame) {
        if (frame.opcode() == Frame.BINARY) {
            return userBroadcast(frame);
        }
        JsonNode json = Json.read(frame.text());
        if (json.isArray()) {
            return new PhoenixMessage(
                    text(json.path(0)),
                    text(json.path(1)),
                    json.path(2).asText(),
                    json.path(3).asText(),
                    json.path(4),
                    frame);
        }
        return new PhoenixMessage(
                text(json.path("join_ref")),
                text(json.path("ref")),
                json.path("topic").asText(),
                json.path("event").asText(),
                json.path("payload"),
                frame);
    }

    /** Kind 4, the one binary kind that a server sends: kind, sizes of topic, event and metadata, encoding, and these. */
    private static PhoenixMessage userBroadcast(Frame frame) {
        ByteBuffer in = ByteBuffer.wrap(frame.payload());
        int kind = in.get();
        if (kind != 4) {
            throw new AssertionError("binary frame of kind " + kind);
        }
        int topicSize = in.get() & 0xFF;
        int eventSize = in.get() & 0xFF;
        int metadataSize = in.get() & 0xFF;
        boolean json = in.get() == 1;
        String topic = take(in, topicSize);
        ObjectNode payload = (ObjectNode) Json.read("{\"type\":\"broadcast\"}");
        payload.put("event", take(in, eventSize));
        String metadata = take(in, metadataSize);
        if (!metadata.isEmpty()) {
            payload.set("meta", Json.read(metadata));
        }
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        if (json) {
            payload.set("payload", Json.read(new String(rest, StandardCharsets.UTF_8)));
        } else {
            payload.put("payload", rest);
        }
        return new PhoenixMessage(null, null, topic, "broadcast", payload, frame);
    }

    private static String take(ByteBuffer in, int size) {
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? null : node.asText();
    }

    /** The user's event of a broadcast. */
    public String userEvent() {
        return payload.path("event").asText();
    }

    /** The status of a reply. */
    public String status() {
        return payload.path("status").asText();
    }

    /** The reason of a refusal. */
    public String reason() {
        return payload.path("response").path("reason").asText();
    }
}
