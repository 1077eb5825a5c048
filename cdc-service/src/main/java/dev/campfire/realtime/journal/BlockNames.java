package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.mapping.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * What leads to a block: the channels, tables and ids that the index finds its entries by, and the last number of each
 * channel in it. For one thread.
 */
final class BlockNames {

    private final LogPosition block;
    private final Map<IndexKey, ByteWriter> places = new LinkedHashMap<>();
    private final Map<IndexKey, Long> numbers = new LinkedHashMap<>();
    private final Map<String, ByteWriter> ids = new LinkedHashMap<>(0);

    /** @param block the block's key */
    BlockNames(LogPosition block) {
        this.block = block;
    }

    /** Adds an entry that stands at an offset behind those before. */
    void add(JournalEntry entry, int offset) {
        Change change = entry.change();
        IndexKey former = null;
        for (Event event : entry.events()) {
            IndexKey channel = IndexKey.channel(event.channel(), event.isPrivate());
            if (!channel.equals(former)) {
                places.computeIfAbsent(channel, any -> new ByteWriter(8)).writeVar(offset);
            }
            former = channel;
            numbers.put(channel, event.sequence());
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
            places.computeIfAbsent(IndexKey.table(relation), any -> new ByteWriter(8))
                    .writeVar(offset);
        }
    }

    /** The last number of each channel. */
    Map<IndexKey, Long> numbers() {
        return numbers;
    }

    /** Adds what the index needs to a batch. */
    void writeIndex(WriteBatch batch, Store store) throws RocksDBException {
        for (Map.Entry<IndexKey, ByteWriter> each : places.entrySet()) {
            batch.put(store.index(), each.getKey().at(block), each.getValue().toByteArray());
        }
        for (Map.Entry<String, ByteWriter> each : ids.entrySet()) {
            batch.put(store.index(), IdIndex.key(each.getKey()), each.getValue().toByteArray());
        }
    }

    /** Adds the channels' numbers to a batch. */
    void writeNumbers(WriteBatch batch, Store store) throws RocksDBException {
        for (Map.Entry<IndexKey, Long> each : numbers.entrySet()) {
            batch.put(store.heads(), each.getKey().prefix(), Heads.value(each.getValue()));
        }
    }
}
