package dev.campfire.realtime.phoenix;

import io.netty.buffer.ByteBuf;
import java.util.zip.Deflater;

/**
 * Compresses whole frames where they stand, each for itself (RFC 7692 without context takeover): so the same bytes are
 * right for everybody who agreed to compression. For one thread.
 */
final class FrameDeflater {

    /** Shorter ones gain nothing that is worth their time. */
    static final int LEAST = 256;

    /** What a flush ends with, and a frame leaves out. */
    private static final int TAIL = 4;

    /** What is kept from message to message. */
    private static final int SCRATCH = 16 * 1024;

    private static final int COMPRESSED = 0x40;
    private static final int LENGTH = 0x7F;

    // The fastest level: at the sizes of events the others gain a few percent for twice the time.
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private byte[] scratch = new byte[SCRATCH];

    /** Compresses the frame that stands from an index to the end, unless it is short or becomes no shorter. */
    void deflate(ByteBuf out, int start) {
        int body = start + headerLength(out, start);
        int length = out.writerIndex() - body;
        if (length < LEAST) {
            return;
        }
        byte[] compressed = scratch(length);
        deflater.reset();
        deflater.setInput(out.nioBuffer(body, length));
        int size = deflater.deflate(compressed, 0, length, Deflater.SYNC_FLUSH);
        // Whatever fills all the room may have more to say, and is no shorter in any case.
        if (size < length) {
            int firstByte = out.getByte(start);
            out.writerIndex(start);
            ServerFrame.header(out, firstByte | COMPRESSED, size - TAIL);
            out.writeBytes(compressed, 0, size - TAIL);
        }
        release();
    }

    private static int headerLength(ByteBuf out, int start) {
        return switch (out.getByte(start + 1) & LENGTH) {
            case 126 -> 4;
            case 127 -> 10;
            default -> 2;
        };
    }

    private byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return scratch;
    }

    /** A large message does not keep its room. */
    private void release() {
        if (scratch.length > SCRATCH) {
            scratch = new byte[SCRATCH];
        }
    }
}
