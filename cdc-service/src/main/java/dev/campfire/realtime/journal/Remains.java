package dev.campfire.realtime.journal;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIteratorInterface;
import org.rocksdb.SstFileReader;

/**
 * What can still be read of a damaged store's log: file by file, each from its end back to what is damaged in it. For an
 * iterator over the whole log gives nothing at all where one of the files can't be opened. For one thread.
 */
final class Remains {

    private final Store damaged;

    /** What stands before here is of no use, for something in front of it is lost. */
    private byte[] from;

    /** The last key that stands, or may stand, in what can't be read; null when everything can. */
    private byte @Nullable [] lost;

    private byte @Nullable [] newest;

    /** Gets blocks. */
    interface Taker {
        /** Takes a block that is whole; false when there is no room for another. */
        boolean take(LogPosition first, byte[] block) throws RocksDBException;
    }

    /** An iterator over a file, or over what is in no file yet; the two kinds have no common one. */
    private record Cursor(RocksIteratorInterface at, Supplier<byte[]> key, Supplier<byte[]> value) {}

    /** @param behind blocks that begin here or before do not count */
    Remains(Store damaged, LogPosition behind) {
        this.damaged = damaged;
        this.from = behind(behind.key());
    }

    private static byte[] behind(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /**
     * Gives all whole blocks that nothing unreadable is known to follow, in no particular order, and now and then one that
     * something follows; some may come twice.
     *
     * @throws RocksDBException when they can't be taken
     */
    void giveTo(Taker taker) throws RocksDBException {
        // What is flushed in between is in both; the other way round it would be in neither.
        try (ReadOptions inMemory = new ReadOptions().setReadTier(ReadTier.MEMTABLE_TIER);
                var at = damaged.database().newIterator(damaged.log(), inMemory)) {
            give(new Cursor(at, at::key, at::value), LogPosition.LAST.key(), taker);
        }
        for (LiveFileMetaData file : files()) {
            if (Arrays.compareUnsigned(file.largestKey(), from) >= 0) {
                give(file, taker);
            }
        }
    }

    private List<LiveFileMetaData> files() {
        return damaged.database().getLiveFilesMetaData().stream()
                .filter(Store::isOfLog)
                .sorted(Comparator.comparing(LiveFileMetaData::largestKey, Arrays::compareUnsigned)
                        .reversed())
                .toList();
    }

    private void give(LiveFileMetaData file, Taker taker) throws RocksDBException {
        try (Options options = new Options();
                ReadOptions reading = new ReadOptions().setFillCache(false);
                SstFileReader reader = new SstFileReader(options)) {
            try {
                reader.open(file.path() + file.fileName());
            } catch (RocksDBException e) {
                loseThrough(file.largestKey());
                return;
            }
            try (var at = reader.newIterator(reading)) {
                give(new Cursor(at, at::key, at::value), file.largestKey(), taker);
            }
        }
    }

    /** @param end the last key that may stand there */
    private void give(Cursor cursor, byte[] end, Taker taker) throws RocksDBException {
        RocksIteratorInterface at = cursor.at();
        byte[] front = null;
        for (at.seekToLast(); at.isValid(); at.prev()) {
            byte[] key = cursor.key().get();
            if (Arrays.compareUnsigned(key, from) < 0) {
                return;
            }
            byte[] block = cursor.value().get();
            if (!Block.isWhole(block)) {
                loseThrough(key);
                return;
            }
            if (newest == null || Arrays.compareUnsigned(key, newest) > 0) {
                newest = key;
            }
            front = key;
            if (!taker.take(LogPosition.parse(key, 0), block)) {
                loseBefore(key);
                return;
            }
        }
        try {
            at.status();
        } catch (RocksDBException e) {
            if (front == null) {
                loseThrough(end);
            } else {
                loseBefore(front);
            }
        }
    }

    private void loseThrough(byte[] key) {
        lost = lost == null || Arrays.compareUnsigned(key, lost) > 0 ? key : lost;
        raise(behind(key));
    }

    private void loseBefore(byte[] key) {
        lost = lost == null ? from : lost;
        raise(key);
    }

    private void raise(byte[] key) {
        from = Arrays.compareUnsigned(key, from) > 0 ? key : from;
    }

    /** Whether something can't be read. */
    boolean hasLosses() {
        return lost != null;
    }

    /** Whether what can't be read includes the end. */
    boolean hasLostEnd() {
        return lost != null && (newest == null || Arrays.compareUnsigned(lost, newest) > 0);
    }

    /** The last block that was given; null when none was. */
    @Nullable
    LogPosition newest() {
        return newest == null ? null : LogPosition.parse(newest, 0);
    }
}
