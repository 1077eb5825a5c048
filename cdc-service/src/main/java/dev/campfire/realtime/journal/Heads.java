package dev.campfire.realtime.journal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.rocksdb.RocksDBException;

/**
 * The last number that was given on each channel. Numbers are given by the one thread that appends; any thread reads them.
 * They are kept for ever, also when the channel's last event is long gone, so that none comes twice.
 */
final class Heads {

    private static final int REMEMBERED = 200_000;

    /** Looks after itself on the thread that appends: to wake another one for each stretch costs more. */
    private final Cache<IndexKey, Long> known = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

    private final StoreGuard guard;

    Heads(StoreGuard guard) {
        this.guard = guard;
    }

    /** The last number; 0 when there was none. */
    long last(IndexKey channel) throws RocksDBException {
        Long number = known.getIfPresent(channel);
        if (number != null) {
            return number;
        }
        byte[] stored = guard.use(store -> store.database().get(store.heads(), channel.prefix()));
        long last = stored == null ? 0 : new ByteReader(stored).readVar();
        known.put(channel, last);
        return last;
    }

    /** A channel's last number is this one from now on. */
    void give(IndexKey channel, long number) {
        known.put(channel, number);
    }

    static byte[] value(long number) {
        ByteWriter out = new ByteWriter(10);
        out.writeVar(number);
        return out.toByteArray();
    }

    /** Forgets what was given but never written. */
    void forget() {
        known.invalidateAll();
    }
}
