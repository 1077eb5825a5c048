package dev.campfire.realtime.phoenix;

import static dev.campfire.realtime.phoenix.ServerFrame.quoted;
import static dev.campfire.realtime.phoenix.ServerFrame.utf8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Version 1.0.0: every message is a JSON object in a text frame, and there is nothing binary. */
final class ObjectSerializer implements Serializer {

    @Override
    public ClientMessage readText(byte[] payload, JsonReader json) throws MalformedMessageException {
        return json.read(payload, parser -> readObject(parser, payload));
    }

    private static ClientMessage readObject(JsonParser parser, byte[] json)
            throws IOException, MalformedMessageException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedMessageException(Oddity.NOT_A_MESSAGE);
        }
        Ref joinRef = Ref.NONE;
        Ref ref = null;
        String topic = null;
        String event = null;
        byte[] payload = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "join_ref" -> joinRef = JsonReader.ref(parser, json);
                case "ref" -> ref = JsonReader.ref(parser, json);
                case "topic" -> topic = JsonReader.string(parser);
                case "event" -> event = JsonReader.string(parser);
                case "payload" -> payload = JsonReader.text(parser, json);
                default -> JsonReader.finish(parser);
            }
        }
        return new ClientMessage.Push(joinRef, required(ref), required(topic), required(event), required(payload));
    }

    private static <T> T required(@Nullable T field) throws MalformedMessageException {
        if (field == null) {
            throw new MalformedMessageException(Oddity.BAD_FIELD);
        }
        return field;
    }

    @Override
    public ClientMessage readBinary(byte[] payload, JsonReader json) throws MalformedMessageException {
        throw new MalformedMessageException(Oddity.BAD_BINARY);
    }

    @Override
    public void write(ServerMessage message, ByteBuf out) {
        ServerFrame.text(
                out,
                utf8("{\"topic\":"),
                quoted(message.topic()),
                utf8(",\"event\":"),
                quoted(message.event()),
                utf8(",\"payload\":" + message.payload() + ",\"ref\":"
                        + message.ref().json() + "}"));
    }

    @Override
    public FrameEncoder forTopic(String topic) {
        return new TopicEncoder(quoted(topic));
    }

    private static final class TopicEncoder implements FrameEncoder {

        private static final byte[] PAYLOAD = utf8(",\"payload\":");
        private static final byte[] END = utf8(",\"ref\":null}");

        private final byte[] start;
        private final byte[] broadcastStart;

        TopicEncoder(byte[] quotedTopic) {
            this.start = utf8("{\"topic\":" + new String(quotedTopic, StandardCharsets.UTF_8) + ",\"event\":");
            this.broadcastStart = utf8(new String(start, StandardCharsets.UTF_8) + "\"broadcast\",\"payload\":");
        }

        @Override
        public void encode(Message message, ByteBuf out) {
            switch (message) {
                case Message.Push push ->
                    ServerFrame.text(out, start, quoted(push.event()), PAYLOAD, push.payload(), END);
                case Message.Broadcast broadcast -> {
                    if (broadcast.encoding() == Message.Encoding.JSON) {
                        BroadcastObject.of(broadcast).writeBetween(broadcastStart, END, out);
                    }
                }
            }
        }

        @Override
        public int overhead() {
            return broadcastStart.length + END.length + BroadcastObject.OVERHEAD + ServerFrame.MAX_HEADER;
        }
    }
}
