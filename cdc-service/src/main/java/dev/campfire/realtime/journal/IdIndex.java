package dev.campfire.realtime.journal;

import java.nio.charset.StandardCharsets;

/** Finds events whose id is not their position: broadcasts that have the id of their row. */
final class IdIndex {

    private static final byte PREFIX = 'i';

    private IdIndex() {}

    static byte[] key(String id) {
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[text.length + 1];
        key[0] = PREFIX;
        System.arraycopy(text, 0, key, 1, text.length);
        return key;
    }

    static ByteWriter value(ReadPoint at) {
        ByteWriter out = new ByteWriter(LogPosition.LENGTH + 1);
        at.change().writeTo(out);
        out.writeByte(at.ordinal());
        return out;
    }

    static ReadPoint parse(byte[] value) {
        return new ReadPoint(
                LogPosition.parse(value, 0), new ByteReader(value, LogPosition.LENGTH, value.length).readByte());
    }
}
