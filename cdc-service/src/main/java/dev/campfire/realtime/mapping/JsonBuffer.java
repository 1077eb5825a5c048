package dev.campfire.realtime.mapping;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of JSON that grow as they are written. Whoever made it owns it; not safe for use by several threads. */
public final class JsonBuffer {

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** What both quotes and an escape take beyond the length of a text, or more. */
    private static final int MARGIN = 8;

    private byte[] bytes;
    private int size;

    /** @param capacity how many bytes there is room for before it grows */
    public JsonBuffer(int capacity) {
        this.bytes = new byte[Math.max(16, capacity)];
    }

    public int size() {
        return size;
    }

    /** Forgets all but the first bytes. */
    void truncate(int size) {
        this.size = size;
    }

    /** What was written: the buffer's own array when it is exactly full, so the buffer is not to be used afterwards. */
    public byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** A copy of a part of what was written. */
    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    public void raw(char ascii) {
        reserve(1);
        bytes[size++] = (byte) ascii;
    }

    public void raw(byte[] json) {
        raw(json, 0, json.length);
    }

    void raw(byte[] json, int from, int to) {
        reserve(to - from);
        System.arraycopy(json, from, bytes, size, to - from);
        size += to - from;
    }

    public void raw(String json) {
        raw(json.getBytes(StandardCharsets.UTF_8));
    }

    public void nullValue() {
        raw(NULL);
    }

    public void string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        string(utf8, 0, utf8.length);
    }

    void position(Position position) {
        reserve(Position.LENGTH);
        position.write(bytes, size);
        size += Position.LENGTH;
    }

    /**
     * Writes text in UTF-8 as a JSON string. What JSON does not ask to be escaped stays as it is; bytes that are not
     * UTF-8 become U+FFFD, one for each.
     */
    void string(byte[] text, int from, int to) {
        reserve(to - from + MARGIN);
        bytes[size++] = '"';
        int at = copyPlain(text, from, to);
        while (at < to) {
            int length = text[at] < 0 ? Utf8.sequenceAt(text, at, to) : 0;
            if (length > 0) {
                for (int end = at + length; at < end; at++) {
                    bytes[size++] = text[at];
                }
            } else {
                escape(text[at++]);
                reserve(to - at + MARGIN);
            }
            at = copyPlain(text, at, to);
        }
        bytes[size++] = '"';
    }

    /**
     * Copies what stands for itself in a JSON string, eight bytes at a time. There has to be room for all that is left of
     * the text: what of eight bytes is behind the first that needs an escape is overwritten.
     *
     * @return the first place that holds something else, or the end
     */
    private int copyPlain(byte[] text, int from, int to) {
        int at = from;
        int filled = size;
        while (at <= to - Long.BYTES) {
            long eight = PlainText.at(text, at);
            PlainText.put(bytes, filled, eight);
            int plain = PlainText.count(eight);
            at += plain;
            filled += plain;
            if (plain < Long.BYTES) {
                size = filled;
                return at;
            }
        }
        while (at < to && PlainText.isPlain(text[at])) {
            bytes[filled++] = text[at++];
        }
        size = filled;
        return at;
    }

    /** Room for it there must be. */
    private void escape(byte b) {
        switch (b) {
            case '"' -> escaped('"');
            case '\\' -> escaped('\\');
            case '\b' -> escaped('b');
            case '\f' -> escaped('f');
            case '\n' -> escaped('n');
            case '\r' -> escaped('r');
            case '\t' -> escaped('t');
            default -> {
                if (b < 0) {
                    raw("\uFFFD");
                } else {
                    raw("\\u00");
                    raw((char) HEX[b >> 4]);
                    raw((char) HEX[b & 0xF]);
                }
            }
        }
    }

    private void escaped(char letter) {
        bytes[size++] = '\\';
        bytes[size++] = (byte) letter;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
