package dev.campfire.realtime.benchmarks.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes a server's websocket frames (RFC 6455, unmasked, unfragmented) out of a stream, as many per read as have come.
 * Allocates nothing per frame.
 */
final class FrameReader {

    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;

    private static final int SMALLEST_BUFFER = 256 * 1024;
    private static final int LENGTH_IN_16_BITS = 126;
    private static final int LENGTH_IN_64_BITS = 127;

    /** Takes one frame. The bytes are lent for the call. */
    @FunctionalInterface
    interface Handler {
        /**
         * @param at {@link System#nanoTime()} right after the read that completed the frame
         * @param opcode the frame's kind
         */
        void frame(long at, int opcode, byte[] buffer, int from, int to) throws IOException;
    }

    private final InputStream in;
    private byte[] buffer = new byte[SMALLEST_BUFFER];
    private int start;
    private int end;

    FrameReader(InputStream in) {
        this.in = in;
    }

    /** Reads once and hands on every frame that is whole then. */
    void readOnce(Handler handler) throws IOException {
        makeRoom();
        int count = in.read(buffer, end, buffer.length - end);
        long at = System.nanoTime();
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        end += count;
        while (handOn(at, handler)) {
            // The next frame may be whole, too.
        }
    }

    private boolean handOn(long at, Handler handler) throws IOException {
        int header = headerLength();
        if (header == 0) {
            return false;
        }
        long whole = header + payloadLength(header);
        if (end - start < whole) {
            growTo(whole);
            return false;
        }
        int payload = start + header;
        int opcode = buffer[start] & 0x0F;
        start += (int) whole;
        handler.frame(at, opcode, buffer, payload, start);
        return true;
    }

    /** 0 when it has not come in full. */
    private int headerLength() {
        int available = end - start;
        if (available < 2) {
            return 0;
        }
        int length = buffer[start + 1] & 0x7F;
        int header = length == LENGTH_IN_64_BITS ? 10 : length == LENGTH_IN_16_BITS ? 4 : 2;
        return available < header ? 0 : header;
    }

    private long payloadLength(int header) {
        if (header == 2) {
            return buffer[start + 1] & 0x7F;
        }
        long length = 0;
        for (int i = start + 2; i < start + header; i++) {
            length = length << 8 | buffer[i] & 0xFF;
        }
        return length;
    }

    private void makeRoom() {
        if (start == end) {
            start = 0;
            end = 0;
        } else if (end == buffer.length) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
    }

    private void growTo(long whole) {
        if (whole > buffer.length) {
            byte[] larger = new byte[Math.toIntExact(whole)];
            System.arraycopy(buffer, start, larger, 0, end - start);
            buffer = larger;
            end -= start;
            start = 0;
        }
    }
}
