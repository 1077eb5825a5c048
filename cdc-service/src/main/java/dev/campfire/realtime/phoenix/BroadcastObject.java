package dev.campfire.realtime.phoenix;

import static dev.campfire.realtime.phoenix.ServerFrame.quoted;
import static dev.campfire.realtime.phoenix.ServerFrame.utf8;

import dev.campfire.realtime.channel.Message;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A broadcast as the JSON object that text frames have: {@code {"type":"broadcast","event":..,"payload":..,"meta":..}}.
 * The payload and the metadata are spliced in as they are.
 */
record BroadcastObject(byte[] event, byte[] payload, byte[] metaField, byte[] meta) {

    /** About how many bytes it has besides its broadcast's. */
    static final int OVERHEAD = 64;

    private static final byte[] EVENT = utf8("{\"type\":\"broadcast\",\"event\":");
    private static final byte[] PAYLOAD = utf8(",\"payload\":");
    private static final byte[] META = utf8(",\"meta\":");
    private static final byte[] END = utf8("}");
    private static final byte[] NOTHING = {};

    /** The object of a broadcast whose payload is JSON. */
    static BroadcastObject of(Message.Broadcast broadcast) {
        byte[] metadata = broadcast.metadata();
        return new BroadcastObject(
                quoted(broadcast.event()),
                broadcast.payload(),
                metadata == null ? NOTHING : META,
                metadata == null ? NOTHING : metadata);
    }

    /** The object as text. */
    static String text(Message.Broadcast broadcast) {
        BroadcastObject parts = of(broadcast);
        ByteArrayOutputStream out = new ByteArrayOutputStream(broadcast.size() + OVERHEAD);
        for (byte[] part : List.of(EVENT, parts.event, PAYLOAD, parts.payload, parts.metaField, parts.meta, END)) {
            out.writeBytes(part);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    void writeBetween(byte[] start, byte[] end, ByteBuf out) {
        ServerFrame.text(out, start, EVENT, event, PAYLOAD, payload, metaField, meta, END, end);
    }
}
