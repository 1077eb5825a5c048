package dev.campfire.realtime.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Goes through the blocks that hold something of several names, in the order of the log. For one thread. */
final class IndexScan implements AutoCloseable {

    private final List<Strand> strands = new ArrayList<>();

    /** The blocks of one name. */
    private static final class Strand {
        private final byte[] prefix;
        private final RocksIterator at;

        Strand(byte[] prefix, RocksIterator at) {
            this.prefix = prefix;
            this.at = at;
        }

        /** The block that comes next; null when there is none. */
        @Nullable
        LogPosition block() throws RocksDBException {
            if (!at.isValid()) {
                at.status();
                return null;
            }
            return IndexScan.block(at.key(), prefix);
        }

        void take(Offsets offsets) {
            ByteReader in = IndexValue.places(at.value());
            while (in.hasMore()) {
                offsets.add((int) in.readVar());
            }
            at.next();
        }
    }

    /** The block that a key of the index names; null when the key is another name's. */
    static @Nullable LogPosition block(byte[] key, byte[] prefix) {
        boolean isOurs = key.length == prefix.length + LogPosition.LENGTH
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
        return isOurs ? LogPosition.parse(key, prefix.length) : null;
    }

    /** @param from the first block that counts */
    IndexScan(Store store, Collection<IndexKey> names, LogPosition from) {
        for (IndexKey name : names) {
            RocksIterator at = store.database().newIterator(store.index());
            at.seek(name.at(from));
            strands.add(new Strand(name.prefix(), at));
        }
    }

    /**
     * The next block; null when there is none.
     *
     * @param offsets where in it something stands, instead of what was in there before
     */
    @Nullable
    LogPosition next(Offsets offsets) throws RocksDBException {
        offsets.clear();
        LogPosition first = null;
        for (Strand strand : strands) {
            LogPosition block = strand.block();
            if (block != null && (first == null || block.compareTo(first) < 0)) {
                first = block;
            }
        }
        if (first != null) {
            for (Strand strand : strands) {
                if (first.equals(strand.block())) {
                    strand.take(offsets);
                }
            }
        }
        return first;
    }

    @Override
    public void close() {
        strands.forEach(strand -> strand.at.close());
    }
}
