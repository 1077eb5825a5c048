package dev.campfire.realtime.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How one kind of server is spoken to through a websocket, in the same words as in load.c. */
enum Dialect {
    RAW,
    POST,
    NATS,
    SOCKETIO,
    PHOENIX;

    /** Says to {@link #PHOENIX} that a client is there. */
    static final String HEARTBEAT = "[null,\"heartbeat\",\"phoenix\",\"heartbeat\",{}]";

    private static final int MASKED_TEXT = 0x81;
    private static final int MASKED_BINARY = 0x82;

    /** What a frame that is no message says. */
    enum Word {
        SUBSCRIBED,
        REFUSED,
        BEAT_ANSWERED,
        STILL_THERE,
        NOTHING
    }

    static Dialect of(String protocol) {
        return valueOf(protocol.toUpperCase(java.util.Locale.ROOT));
    }

    /** Whether an open socket is subscribed at once. */
    boolean subscribesByOpening() {
        return this == RAW || this == POST;
    }

    /** What is said as soon as a socket is open. */
    List<String> greeting(boolean publishes, List<String> topics, String config) {
        return switch (this) {
            case RAW, POST -> List.of();
            case NATS ->
                List.of(
                        "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"java\",\"version\":\"0\",\"protocol\":1,"
                                + "\"echo\":false}\r\n" + (publishes ? "" : "SUB bench 1\r\n") + "PING\r\n");
            case SOCKETIO -> List.of("40");
            case PHOENIX ->
                topics.stream()
                        .map(topic -> "[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{\"config\":" + config + "}]")
                        .toList();
        };
    }

    Word read(String text) {
        return switch (this) {
            case RAW, POST -> Word.NOTHING;
            case NATS ->
                text.contains("PONG")
                        ? Word.SUBSCRIBED
                        : text.contains("PING") && !text.contains("INFO") ? Word.STILL_THERE : Word.NOTHING;
            case SOCKETIO ->
                text.startsWith("40") ? Word.SUBSCRIBED : text.equals("2") ? Word.STILL_THERE : Word.NOTHING;
            case PHOENIX ->
                !text.contains("\"phx_reply\"")
                        ? Word.NOTHING
                        : text.contains("\"heartbeat\"")
                                ? Word.BEAT_ANSWERED
                                : text.contains("\"ok\"") ? Word.SUBSCRIBED : Word.REFUSED;
        };
    }

    /** What answers {@link Word#STILL_THERE}. */
    String answer() {
        return this == NATS ? "PONG\r\n" : "3";
    }

    /** All bytes that publish a payload. */
    ByteBuf publication(String topic, String path, String payload) {
        return switch (this) {
            case RAW -> frame(payload);
            case POST ->
                Unpooled.copiedBuffer(
                        "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + payload.length() + "\r\n\r\n" + payload,
                        StandardCharsets.US_ASCII);
            case NATS -> frame("PUB bench " + payload.length() + "\r\n" + payload + "\r\n");
            case SOCKETIO -> frame("42[\"publish\"," + payload + "]");
            case PHOENIX ->
                frame("[\"1\",null,\"" + topic
                        + "\",\"broadcast\",{\"type\":\"broadcast\",\"event\":\"bench\",\"payload\":" + payload + "}]");
        };
    }

    /** A frame of a client, with a mask that changes nothing. */
    ByteBuf frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = Unpooled.buffer(payload.length + 8);
        frame.writeByte(this == NATS ? MASKED_BINARY : MASKED_TEXT);
        if (payload.length < 126) {
            frame.writeByte(0x80 | payload.length);
        } else {
            frame.writeByte(0x80 | 126).writeShort(payload.length);
        }
        return frame.writeInt(0).writeBytes(payload);
    }
}
