package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes websocket frames of a server: unmasked, unfragmented, header and payload in one piece. */
final class ServerFrame {

    /** The longest header that a server's frame has. */
    static final int MAX_HEADER = 10;

    private static final int FINAL_TEXT = 0x81;
    private static final int FINAL_BINARY = 0x82;

    private ServerFrame() {}

    /** Appends a text frame whose payload is these parts, one behind the other. */
    static void text(ByteBuf out, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        header(out, FINAL_TEXT, length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
    }

    /** Appends the header of a binary frame; its payload is the caller's to append. */
    static void binaryHeader(ByteBuf out, int length) {
        header(out, FINAL_BINARY, length);
    }

    /** Appends a header. */
    static void header(ByteBuf out, int firstByte, int length) {
        out.ensureWritable(length + MAX_HEADER);
        out.writeByte(firstByte);
        if (length < 126) {
            out.writeByte(length);
        } else if (length <= 0xFFFF) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }

    /** A JSON string, quotes included. Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark. */
    static byte[] quoted(String text) {
        return utf8('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
