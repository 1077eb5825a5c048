package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Relation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the index finds blocks by: a channel's side and name, or a table. Behind its bytes stands the block's position, so
 * that one name's blocks lie in their order.
 */
record IndexKey(Kind kind, String name) {

    /** What is named. */
    enum Kind {
        PRIVATE_CHANNEL('c'),
        PUBLIC_CHANNEL('p'),
        TABLE('t');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    static IndexKey channel(String name, boolean isPrivate) {
        return new IndexKey(isPrivate ? Kind.PRIVATE_CHANNEL : Kind.PUBLIC_CHANNEL, name);
    }

    static IndexKey table(Relation relation) {
        return table(relation.schema(), relation.table());
    }

    static IndexKey table(String schema, String table) {
        // A name may hold a dot; the byte 1 it holds in no database that means well, and then too much is found.
        return new IndexKey(Kind.TABLE, schema + '\u0001' + table);
    }

    /** Written out, as {@link #hashCode()} is: what Java makes of a record it assembles at the first change of each start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IndexKey key && kind == key.kind && name.equals(key.name);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + kind.hashCode();
    }

    /** What all keys of this name begin with. Names hold no byte 0: Postgres has none in its texts. */
    byte[] prefix() {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] prefix = new byte[text.length + 2];
        prefix[0] = (byte) kind.letter;
        System.arraycopy(text, 0, prefix, 1, text.length);
        return prefix;
    }

    /** The key in the index of this name's entry for a block. */
    byte[] at(LogPosition block) {
        byte[] prefix = prefix();
        byte[] key = Arrays.copyOf(prefix, prefix.length + LogPosition.LENGTH);
        System.arraycopy(block.key(), 0, key, prefix.length, LogPosition.LENGTH);
        return key;
    }

    /** What a key of the index begins with; null when it is no channel's. */
    static byte @Nullable [] channelOf(byte[] key) {
        boolean isChannel = key[0] == Kind.PRIVATE_CHANNEL.letter || key[0] == Kind.PUBLIC_CHANNEL.letter;
        return isChannel ? Arrays.copyOf(key, key.length - LogPosition.LENGTH) : null;
    }
}
