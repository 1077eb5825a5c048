package dev.campfire.realtime.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes numbers and texts behind one another into an array that grows. For one thread. */
final class ByteWriter {

    private static final int MORE = 0x80;

    private byte[] bytes;
    private int size;

    ByteWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** The array itself, of which {@link #size} bytes count. */
    byte[] array() {
        return bytes;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    void clear() {
        size = 0;
    }

    void writeByte(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void writeInt(int value) {
        room(Integer.BYTES);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void writeLong(long value) {
        writeInt((int) (value >>> 32));
        writeInt((int) value);
    }

    /** Seven bits a byte, the lowest first; a negative number takes ten. */
    void writeVar(long value) {
        room(10);
        while ((value & -MORE) != 0) {
            bytes[size++] = (byte) (value & 0x7F | MORE);
            value >>>= 7;
        }
        bytes[size++] = (byte) value;
    }

    void writeRaw(byte[] source, int start, int length) {
        room(length);
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }

    /** Its length, and the bytes. */
    void writeBytes(byte[] value) {
        writeVar(value.length);
        writeRaw(value, 0, value.length);
    }

    void writeText(String text) {
        writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
