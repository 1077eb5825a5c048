package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Looks through a store's write-ahead logs before RocksDB does: what stands behind the last whole record may be nonsense on
 * which it never comes to an end (seen with 10.10.1). Such a log is cut there and ends with a record whose checksum is
 * wrong: that is damage which RocksDB tells from a log that just ends, so that it does not go on with a later one.
 *
 * <p>A log consists of blocks of 32 KB, and these of records: a checksum, a length, a kind, the bytes.
 */
final class WriteAheadLogs {

    private static final int BLOCK = 32 * 1024;
    private static final int HEADER = 7;
    private static final int RECYCLED_HEADER = 11;
    private static final Set<Integer> RECYCLED = Set.of(5, 6, 7, 8, 11, 131);

    /** Whole records, and the parts of those that are longer than their block. */
    private static final Set<Integer> WRITTEN = Set.of(1, 2, 3, 4);

    private static final int MASK_DELTA = 0xa282ead8;
    private static final byte FULL = 1;

    private WriteAheadLogs() {}

    /** Cuts what is damaged. Does nothing while another process has the store open. */
    static void mend(Path folder) throws IOException {
        List<Path> logs = logs(folder);
        if (logs.isEmpty()) {
            return;
        }
        // A copy, as of a backup, may have none.
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held != null) {
                for (Path log : logs) {
                    mendOne(log);
                }
            }
        }
    }

    /** Whether something is damaged. */
    static boolean areDamaged(Path folder) throws IOException {
        for (Path log : logs(folder)) {
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
                if (damage(channel) >= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Path> logs(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static void mendOne(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long damage = damage(channel);
            // A mark of an earlier time is left as it is.
            if (damage >= 0 && channel.size() != damage + HEADER) {
                channel.truncate(damage);
                ByteBuffer mark = ByteBuffer.allocate(HEADER);
                mark.put(HEADER - 1, FULL);
                channel.write(mark, damage);
                channel.force(true);
            }
        }
    }

    /** Where the first record stands that is not one; -1 when there is none, also when the last was not finished. */
    private static long damage(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        long size = channel.size();
        for (long start = 0; start < size; start += BLOCK) {
            block.clear();
            while (block.hasRemaining() && channel.read(block, start + block.position()) > 0) {
                // On until the block is full or the file ends.
            }
            int damage = damage(block.flip());
            if (damage >= 0) {
                return start + damage;
            }
        }
        return -1;
    }

    private static int damage(ByteBuffer block) {
        int at = 0;
        while (block.limit() - at >= HEADER) {
            int length = Short.toUnsignedInt(block.getShort(at + Integer.BYTES));
            int kind = Byte.toUnsignedInt(block.get(at + HEADER - 1));
            int end = at + (RECYCLED.contains(kind) ? RECYCLED_HEADER : HEADER) + length;
            if (end > BLOCK) {
                return at;
            }
            if (end > block.limit()) {
                // The last write was not finished. Of a kind that is never written here it was none, and RocksDB finds
                // no end.
                return WRITTEN.contains(kind) ? -1 : at;
            }
            if (block.getInt(at) != checksum(block, at + HEADER - 1, end)) {
                return at;
            }
            at = end;
        }
        return -1;
    }

    private static int checksum(ByteBuffer block, int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(block.array(), from, to - from);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
    }
}
