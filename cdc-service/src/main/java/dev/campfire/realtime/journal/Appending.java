package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.mapping.Event;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Puts a stretch of changes into the store as one batch: the block, the index that leads to it, and the numbers. For one thread. */
final class Appending {

    private final StoreGuard guard;
    private final Log log;
    private final Tables tables;
    private final WriteOptions writing;
    private final InstantSource clock;
    private final ByteWriter buffer = new ByteWriter(1 << 16);

    Appending(StoreGuard guard, Log log, Tables tables, WriteOptions writing, InstantSource clock) {
        this.guard = guard;
        this.log = log;
        this.tables = tables;
        this.writing = writing;
        this.clock = clock;
    }

    /** Appends entries and what is noted with them, of either one at least; {@code newest} is the last change that is held then. */
    void append(Era era, List<JournalEntry> entries, LogPosition newest, List<Note> notes) throws RocksDBException {
        if (entries.isEmpty()) {
            guard.use(store -> {
                try (WriteBatch batch = new WriteBatch()) {
                    RocksNotes.writeTo(batch, store, notes);
                    store.database().write(writing, batch);
                    return true;
                }
            });
            log.passed(newest);
            return;
        }
        long now = Math.max(clock.millis(), log.appendedAt());
        buffer.clear();
        Block.Builder block = new Block.Builder(buffer, new Block.Header(now, log.bytesEver(), newest, entries.size()));
        Map<IndexKey, ByteWriter> index = new LinkedHashMap<>();
        Map<IndexKey, Long> numbers = new LinkedHashMap<>();
        Map<String, ByteWriter> ids = new LinkedHashMap<>(0);
        for (JournalEntry entry : entries) {
            EntryCodec.write(block.record(), entry, tables::numberOf);
            int offset = block.add();
            note(era, entry, offset, index, numbers, ids);
        }
        byte[] bytes = block.build();
        LogPosition first =
                LogPosition.of(era.number(), entries.getFirst().change().id());
        guard.use(store -> {
            try (WriteBatch batch = new WriteBatch()) {
                tables.writeTo(batch, store);
                RocksNotes.writeTo(batch, store, notes);
                batch.put(store.log(), first.key(), bytes);
                for (Map.Entry<IndexKey, ByteWriter> each : index.entrySet()) {
                    batch.put(
                            store.index(),
                            each.getKey().at(first),
                            each.getValue().toByteArray());
                }
                for (Map.Entry<IndexKey, Long> each : numbers.entrySet()) {
                    batch.put(store.heads(), each.getKey().prefix(), Heads.value(each.getValue()));
                }
                for (Map.Entry<String, ByteWriter> each : ids.entrySet()) {
                    batch.put(
                            store.index(),
                            IdIndex.key(each.getKey()),
                            each.getValue().toByteArray());
                }
                store.database().write(writing, batch);
                return true;
            }
        });
        tables.written();
        log.appended(newest, bytes.length, now);
    }

    private static void note(
            Era era,
            JournalEntry entry,
            int offset,
            Map<IndexKey, ByteWriter> index,
            Map<IndexKey, Long> numbers,
            Map<String, ByteWriter> ids) {
        Change change = entry.change();
        IndexKey former = null;
        for (Event event : entry.events()) {
            IndexKey channel = IndexKey.channel(event.channel(), event.isPrivate());
            if (!channel.equals(former)) {
                index.computeIfAbsent(channel, any -> new ByteWriter(8)).writeVar(offset);
            }
            former = channel;
            numbers.put(channel, event.sequence());
            if (!event.id().equals(event.position().toString())) {
                ids.put(
                        event.id(),
                        IdIndex.value(new ReadPoint(
                                LogPosition.of(era.number(), change.id()),
                                event.position().ordinal())));
            }
        }
        Relation relation = change.relation();
        if (relation != null) {
            index.computeIfAbsent(IndexKey.table(relation), any -> new ByteWriter(8))
                    .writeVar(offset);
        }
    }
}
