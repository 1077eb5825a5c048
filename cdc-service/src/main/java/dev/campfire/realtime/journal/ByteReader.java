package dev.campfire.realtime.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link ByteWriter} wrote. What ends too early or holds nonsense is a {@link DamagedException}. */
final class ByteReader {

    private static final int MORE = 0x80;

    private final byte[] bytes;
    private int next;
    private final int end;

    ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    ByteReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.next = start;
        this.end = end;
    }

    byte[] array() {
        return bytes;
    }

    int position() {
        return next;
    }

    int remaining() {
        return end - next;
    }

    boolean hasMore() {
        return next < end;
    }

    int readByte() {
        require(1);
        return Byte.toUnsignedInt(bytes[next++]);
    }

    int readInt() {
        require(Integer.BYTES);
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << 8 | Byte.toUnsignedInt(bytes[next++]);
        }
        return value;
    }

    long readLong() {
        return (long) readInt() << 32 | Integer.toUnsignedLong(readInt());
    }

    long readVar() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int part = readByte();
            value |= (long) (part & 0x7F) << shift;
            if ((part & MORE) == 0) {
                return value;
            }
        }
        throw new DamagedException("a number does not end");
    }

    /** A number that counts or measures something that follows. */
    int readSize() {
        long size = readVar();
        if (size < 0 || size > end - next) {
            throw new DamagedException("a size of " + size + " where " + (end - next) + " bytes are left");
        }
        return (int) size;
    }

    byte[] readBytes() {
        int length = readSize();
        byte[] value = Arrays.copyOfRange(bytes, next, next + length);
        next += length;
        return value;
    }

    String readText() {
        int length = readSize();
        String text = new String(bytes, next, length, StandardCharsets.UTF_8);
        next += length;
        return text;
    }

    /** Skips bytes, and says where they began. */
    int skip(int length) {
        require(length);
        int start = next;
        next += length;
        return start;
    }

    private void require(int length) {
        if (length < 0 || end - next < length) {
            throw new DamagedException("it ends too early");
        }
    }
}
