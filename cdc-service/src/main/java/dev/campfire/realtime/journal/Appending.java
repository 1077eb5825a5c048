package dev.campfire.realtime.journal;

import java.time.InstantSource;
import java.util.List;
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
        LogPosition first =
                LogPosition.of(era.number(), entries.getFirst().change().id());
        BlockNames names = new BlockNames(first);
        for (JournalEntry entry : entries) {
            EntryCodec.write(block.record(), entry, tables::numberOf);
            names.add(entry, block.add());
        }
        byte[] bytes = block.build();
        guard.use(store -> {
            try (WriteBatch batch = new WriteBatch()) {
                tables.writeTo(batch, store);
                RocksNotes.writeTo(batch, store, notes);
                batch.put(store.log(), first.key(), bytes);
                names.writeIndex(batch, store);
                names.writeNewHeads(batch, store);
                store.database().write(writing, batch);
                return true;
            }
        });
        tables.written();
        log.appended(newest, bytes.length, now);
    }
}
