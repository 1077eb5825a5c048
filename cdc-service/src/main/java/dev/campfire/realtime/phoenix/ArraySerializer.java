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

/**
 * Version 2.0.0: text frames are JSON arrays {@code [join_ref, ref, topic, event, payload]}, and broadcasts travel in
 * binary frames.
 */
final class ArraySerializer implements Serializer {

    @Override
    public ClientMessage readText(byte[] payload, JsonReader json) throws MalformedMessageException {
        return json.read(payload, parser -> readArray(parser, payload));
    }

    private static ClientMessage readArray(JsonParser parser, byte[] json)
            throws IOException, MalformedMessageException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw new MalformedMessageException(Oddity.NOT_A_MESSAGE);
        }
        parser.nextToken();
        Ref joinRef = JsonReader.ref(parser, json);
        parser.nextToken();
        Ref ref = JsonReader.ref(parser, json);
        parser.nextToken();
        String topic = JsonReader.string(parser);
        parser.nextToken();
        String event = JsonReader.string(parser);
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            throw new MalformedMessageException(Oddity.NOT_A_MESSAGE);
        }
        byte[] payload = JsonReader.text(parser, json);
        // Further elements are accepted and mean nothing.
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonReader.finish(parser);
        }
        return new ClientMessage.Push(joinRef, ref, topic, event, payload);
    }

    @Override
    public ClientMessage readBinary(byte[] payload, JsonReader json) throws MalformedMessageException {
        return BinaryFrame.read(payload, json);
    }

    @Override
    public void write(ServerMessage message, ByteBuf out) {
        ServerFrame.text(
                out,
                utf8("[" + message.joinRef().json() + "," + message.ref().json() + ","),
                quoted(message.topic()),
                utf8(","),
                quoted(message.event()),
                utf8("," + message.payload() + "]"));
    }

    @Override
    public FrameEncoder forTopic(String topic) {
        return new TopicEncoder(topic);
    }

    private static final class TopicEncoder implements FrameEncoder {

        private static final byte[] COMMA = utf8(",");
        private static final byte[] END = utf8("]");
        private static final int START = "[null,null,\"\",\"broadcast\",".length();

        private final byte[] topic;
        private final byte[] start;
        private final byte[] broadcastStart;

        TopicEncoder(String topic) {
            this.topic = utf8(topic);
            String text = "[null,null," + new String(quoted(topic), StandardCharsets.UTF_8) + ",";
            this.start = utf8(text);
            this.broadcastStart = utf8(text + "\"broadcast\",");
        }

        @Override
        public void encode(Message message, ByteBuf out) {
            switch (message) {
                case Message.Push push ->
                    ServerFrame.text(out, start, quoted(push.event()), COMMA, push.payload(), END);
                case Message.Broadcast broadcast -> {
                    if (!BinaryFrame.write(topic, broadcast, out)) {
                        // A name too long for a binary frame's size byte: text has room, and clients read both.
                        BroadcastObject.of(broadcast).writeBetween(broadcastStart, END, out);
                    }
                }
            }
        }

        @Override
        public int overhead() {
            // Of the topic, which all frames hold and which is looked at anyway.
            return topic.length + START + BroadcastObject.OVERHEAD + ServerFrame.MAX_HEADER;
        }
    }
}
