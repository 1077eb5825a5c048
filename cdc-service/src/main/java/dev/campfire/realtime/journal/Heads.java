package dev.campfire.realtime.journal;

import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The last number that was given on each channel. Numbers are given by the one thread that appends; any thread reads them.
 * They are kept for ever, also when the channel's last event is long gone, so that none comes twice.
 *
 * <p>A channel's last number stands with its last block in the index. What is stored of heads is which channels there are, since
 * the first event of each, and the last number of what is in the index no more.
 */
final class Heads {

    private static final int REMEMBERED = 200_000;

    private final NumberTable known = new NumberTable(REMEMBERED);

    private final Stored stored;

    /** Finds what is stored as the last number of a channel, 0 when there was none. */
    interface Stored {
        /** @param name what the channel's keys begin with */
        long last(IndexKey channel, byte[] name) throws RocksDBException;
    }

    Heads(StoreGuard guard) {
        this((channel, name) -> guard.use(store -> stored(store, channel, name)));
    }

    Heads(Stored stored) {
        this.stored = stored;
    }

    /** The last number; 0 when there was none. */
    long last(IndexKey channel) throws RocksDBException {
        byte[] name = channel.prefix();
        long forgotten;
        synchronized (this) {
            long number = known.get(name);
            if (number != NumberTable.NONE) {
                return number;
            }
            forgotten = known.forgotten();
        }
        long last = stored.last(channel, name);
        synchronized (this) {
            long number = known.get(name);
            if (number != NumberTable.NONE) {
                return number;
            }
            // Otherwise it may have been given, and forgotten, since it was read.
            if (forgotten == known.forgotten()) {
                known.put(name, last);
            }
            return last;
        }
    }

    /** A channel's last number is this one from now on. */
    synchronized void give(IndexKey channel, long number) {
        known.put(channel.prefix(), number);
    }

    /** Forgets what was given but never written. */
    synchronized void forget() {
        known.clear();
    }

    /** What is stored as the last number of a channel; 0 when there was none. */
    static long stored(Store store, IndexKey channel) throws RocksDBException {
        return stored(store, channel, channel.prefix());
    }

    private static long stored(Store store, IndexKey channel, byte[] name) throws RocksDBException {
        long head = head(store, name);
        if (head == 0) {
            return 0;
        }
        long indexed = indexed(store, channel, name);
        // What retention has taken from the index meanwhile it has written here.
        return Math.max(indexed == 0 ? head(store, name) : head, indexed);
    }

    /** What is stored beside the index as a channel's number, which is at most its last one; 0 for a channel that is not known. */
    static long head(Store store, byte[] name) throws RocksDBException {
        byte[] value = store.database().get(store.heads(), name);
        return value == null ? 0 : new ByteReader(value).readVar();
    }

    private static long indexed(Store store, IndexKey channel, byte[] name) throws RocksDBException {
        try (RocksIterator at = store.database().newIterator(store.index())) {
            at.seekForPrev(channel.at(LogPosition.LAST));
            at.status();
            return at.isValid() && IndexScan.block(at.key(), name) != null ? IndexValue.number(at.value()) : 0;
        }
    }

    static byte[] value(long number) {
        ByteWriter out = new ByteWriter(10);
        out.writeVar(number);
        return out.toByteArray();
    }
}
