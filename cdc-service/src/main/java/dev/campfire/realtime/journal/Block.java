package dev.campfire.realtime.journal;

import java.util.zip.CRC32C;

/**
 * Changes that were appended together: the unit that is there as a whole or not at all. Its key in the log is the position
 * of its first change; in front stands when it was appended and how much had been appended before, behind it a checksum.
 */
final class Block {

    private static final int FORMAT = 1;
    private static final int HEADER = 1 + Long.BYTES + Long.BYTES + LogPosition.LENGTH + Integer.BYTES;

    private Block() {}

    /**
     * What stands in front.
     *
     * @param appendedAt milliseconds since 1970; never less than the block before has
     * @param bytesBefore the sizes of all blocks that were ever appended before
     * @param last the position of its last change
     * @param count how many changes it has
     */
    record Header(long appendedAt, long bytesBefore, LogPosition last, int count) {}

    /** Builds a block in a writer that is empty. For one thread. */
    static final class Builder {
        private final ByteWriter out;
        private final ByteWriter record = new ByteWriter(4096);

        Builder(ByteWriter out, Header header) {
            this.out = out;
            out.writeByte(FORMAT);
            out.writeLong(header.appendedAt());
            out.writeLong(header.bytesBefore());
            header.last().writeTo(out);
            out.writeInt(header.count());
        }

        /** Where what is written into the {@link #record} is going to stand. */
        int add() {
            int offset = out.size();
            out.writeVar(record.size());
            out.writeRaw(record.array(), 0, record.size());
            record.clear();
            return offset;
        }

        ByteWriter record() {
            return record;
        }

        byte[] build() {
            out.writeInt(checksum(out.array(), out.size()));
            return out.toByteArray();
        }
    }

    static Header header(byte[] block) {
        ByteReader in = new ByteReader(block);
        if (in.readByte() != FORMAT) {
            throw new DamagedException("a block of another format");
        }
        return new Header(
                in.readLong(), in.readLong(), new LogPosition(in.readInt(), in.readLong(), in.readInt()), in.readInt());
    }

    /** Whether the block is as it was written. */
    static boolean isWhole(byte[] block) {
        if (block.length < HEADER + Integer.BYTES) {
            return false;
        }
        int size = block.length - Integer.BYTES;
        return new ByteReader(block, size, block.length).readInt() == checksum(block, size);
    }

    /** The record that stands there. */
    static ByteReader record(byte[] block, int offset) {
        if (offset < HEADER || offset >= block.length) {
            throw new DamagedException("an entry where there is none");
        }
        ByteReader in = new ByteReader(block, offset, block.length - Integer.BYTES);
        int length = in.readSize();
        return new ByteReader(block, in.position(), in.position() + length);
    }

    /** Where the first record stands. */
    static int first() {
        return HEADER;
    }

    /** Where the record behind this one stands; -1 behind the last. */
    static int next(byte[] block, int offset) {
        ByteReader in = new ByteReader(block, offset, block.length - Integer.BYTES);
        int length = in.readSize();
        int next = in.position() + length;
        return next < block.length - Integer.BYTES ? next : -1;
    }

    private static int checksum(byte[] bytes, int size) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, size);
        return (int) checksum.getValue();
    }
}
