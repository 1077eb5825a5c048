package dev.campfire.realtime.phoenix;

import static dev.campfire.realtime.phoenix.ServerFrame.utf8;

import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Message.Encoding;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The binary frames of version 2.0.0: a kind, the sizes of the parts in a byte each, the parts, and behind them the
 * payload. Clients send kinds 0 and 3; what they can read is kind 4 alone, so that is all that is written.
 */
final class BinaryFrame {

    private static final int PUSH = 0;
    private static final int USER_BROADCAST_PUSH = 3;
    private static final int USER_BROADCAST = 4;

    private static final int RAW = 0;
    private static final int JSON = 1;
    private static final int MAX_SIZE = 255;
    private static final byte[] NOTHING = {};

    private final byte[] frame;
    private int next = 1;
    private int part;

    private BinaryFrame(byte[] frame) {
        this.frame = frame;
    }

    static ClientMessage read(byte[] frame, JsonReader json) throws MalformedMessageException {
        int kind = frame.length == 0 ? -1 : frame[0];
        return switch (kind) {
            case PUSH -> new BinaryFrame(frame).readPush();
            case USER_BROADCAST_PUSH -> new BinaryFrame(frame).readUserBroadcast(json);
            default -> throw new MalformedMessageException(Oddity.BAD_BINARY);
        };
    }

    private ClientMessage readPush() throws MalformedMessageException {
        part = 5;
        Ref joinRef = Ref.ofText(text());
        Ref ref = Ref.ofText(text());
        String topic = text();
        String event = text();
        return new ClientMessage.Push(joinRef, ref, topic, event, null);
    }

    private ClientMessage readUserBroadcast(JsonReader json) throws MalformedMessageException {
        part = 7;
        Ref joinRef = Ref.ofText(text());
        Ref ref = Ref.ofText(text());
        String topic = text();
        String userEvent = text();
        byte[] metadata = bytes(size());
        Encoding encoding = frame[6] == RAW ? Encoding.RAW : Encoding.JSON;
        byte[] payload = Arrays.copyOfRange(frame, part, frame.length);
        if (metadata.length > 0) {
            json.check(metadata);
        }
        if (encoding == Encoding.JSON) {
            json.check(payload);
        }
        return new ClientMessage.UserBroadcast(joinRef, ref, topic, userEvent, encoding, payload);
    }

    /** The size byte of the next part. */
    private int size() throws MalformedMessageException {
        if (part > frame.length) {
            throw new MalformedMessageException(Oddity.BAD_BINARY);
        }
        return Byte.toUnsignedInt(frame[next++]);
    }

    private byte[] bytes(int size) throws MalformedMessageException {
        if (part + size > frame.length) {
            throw new MalformedMessageException(Oddity.BAD_BINARY);
        }
        byte[] bytes = Arrays.copyOfRange(frame, part, part + size);
        part += size;
        return bytes;
    }

    private String text() throws MalformedMessageException {
        byte[] bytes = bytes(size());
        if (!Utf8.isValid(bytes)) {
            throw new MalformedMessageException(Oddity.NOT_UTF8);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Appends a broadcast as a frame of kind 4; appends nothing and says no when a part is too long for one. */
    static boolean write(byte[] topic, Message.Broadcast broadcast, ByteBuf out) {
        byte[] event = utf8(broadcast.event());
        byte[] metadata = broadcast.metadata() == null ? NOTHING : broadcast.metadata();
        if (topic.length > MAX_SIZE || event.length > MAX_SIZE || metadata.length > MAX_SIZE) {
            return false;
        }
        byte[] payload = broadcast.payload();
        ServerFrame.binaryHeader(out, 5 + topic.length + event.length + metadata.length + payload.length);
        out.writeByte(USER_BROADCAST)
                .writeByte(topic.length)
                .writeByte(event.length)
                .writeByte(metadata.length)
                .writeByte(broadcast.encoding() == Encoding.RAW ? RAW : JSON)
                .writeBytes(topic)
                .writeBytes(event)
                .writeBytes(metadata)
                .writeBytes(payload);
        return true;
    }
}
