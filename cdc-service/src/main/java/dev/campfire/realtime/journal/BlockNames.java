package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.mapping.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What leads to a block: the channels, tables and ids that the index finds its entries by, with the last number of each
 * channel in it. For one thread.
 */
final class BlockNames {

    private final LogPosition block;
    private final Map<IndexKey, Places> places = new LinkedHashMap<>();
    private final Map<String, ByteWriter> ids = new LinkedHashMap<>(0);

    /** Where something of one name stands, and the numbers of a channel's first and last event there. */
    private static final class Places {
        private final ByteWriter offsets = new ByteWriter(8);
        private int lastOffset = -1;
        private long firstNumber;
        private long lastNumber;

        void add(int offset) {
            if (offset != lastOffset) {
                offsets.writeVar(offset);
                lastOffset = offset;
            }
        }

        void add(int offset, long number) {
            add(offset);
            firstNumber = firstNumber == 0 ? number : firstNumber;
            lastNumber = number;
        }
    }

    /** @param block the block's key */
    BlockNames(LogPosition block) {
        this.block = block;
    }

    /** Adds an entry that stands at an offset behind those before. */
    void add(JournalEntry entry, int offset) {
        Change change = entry.change();
        for (Event event : entry.events()) {
            places(IndexKey.channel(event.channel(), event.isPrivate())).add(offset, event.sequence());
            if (!event.id().equals(event.position().toString())) {
                ids.put(
                        event.id(),
                        IdIndex.value(new ReadPoint(
                                LogPosition.of(block.era(), change.id()),
                                event.position().ordinal())));
            }
        }
        Relation relation = change.relation();
        if (relation != null) {
            places(IndexKey.table(relation)).add(offset);
        }
    }

    private Places places(IndexKey name) {
        return places.computeIfAbsent(name, any -> new Places());
    }

    /** Adds what the index needs to a batch. */
    void writeIndex(WriteBatch batch, Store store) throws RocksDBException {
        for (Map.Entry<IndexKey, Places> each : places.entrySet()) {
            Places found = each.getValue();
            batch.put(store.index(), each.getKey().at(block), IndexValue.of(found.lastNumber, found.offsets));
        }
        for (Map.Entry<String, ByteWriter> each : ids.entrySet()) {
            batch.put(store.index(), IdIndex.key(each.getKey()), each.getValue().toByteArray());
        }
    }

    /** Adds channels that have their first event here to a batch. */
    void writeNewHeads(WriteBatch batch, Store store) throws RocksDBException {
        for (Map.Entry<IndexKey, Places> each : places.entrySet()) {
            if (each.getValue().firstNumber == 1) {
                batch.put(store.heads(), each.getKey().prefix(), Heads.value(each.getValue().lastNumber));
            }
        }
    }

    /** Gives the last number of each channel. */
    void giveNumbers(NumberTaker taker) throws RocksDBException {
        for (Map.Entry<IndexKey, Places> each : places.entrySet()) {
            if (each.getValue().lastNumber > 0) {
                taker.take(each.getKey().prefix(), each.getValue().lastNumber);
            }
        }
    }

    /** Gets the numbers of channels. */
    interface NumberTaker {
        void take(byte[] channel, long number) throws RocksDBException;
    }
}
