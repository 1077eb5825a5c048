package dev.campfire.realtime.journal;

import dev.campfire.realtime.mapping.Event;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is too old or too much from the old end of the log, on a thread of its own and in steps that are short enough
 * for whoever appends to notice nothing. The newest block always stays.
 */
final class Retention implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final int MOST_IN_A_STEP = 2_000;

    private final JournalSettings settings;
    private final StoreGuard guard;
    private final Log log;
    private final Tables tables;
    private final RocksReader reader;
    private final InstantSource clock;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("journal-retention").daemon().factory());

    Retention(
            JournalSettings settings,
            StoreGuard guard,
            Log log,
            Tables tables,
            RocksReader reader,
            InstantSource clock) {
        this.settings = settings;
        this.guard = guard;
        this.log = log;
        this.tables = tables;
        this.reader = reader;
        this.clock = clock;
    }

    void start() {
        executor.scheduleWithFixedDelay(
                this::runQuietly, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does something else on its thread, while nothing is removed. Nothing, when it is closed. */
    void interpose(Runnable task) {
        try {
            executor.execute(() -> {
                synchronized (this) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The journal is closed", e);
        }
    }

    private void runQuietly() {
        try {
            run();
        } catch (RuntimeException e) {
            LOG.warn("Old entries of the journal could not be removed: {}", e.getMessage());
        }
    }

    /** Removes all that there is to remove. */
    synchronized void run() {
        try {
            boolean hasRemoved = false;
            while (guard.use(this::step)) {
                hasRemoved = true;
            }
            if (hasRemoved) {
                LogPosition floor = log.floor();
                guard.use(store -> {
                    // Whole files go at once; what is left of others goes when they are compacted.
                    store.database()
                            .deleteFilesInRanges(store.log(), List.of(LogPosition.FIRST.key(), floor.key()), false);
                    return true;
                });
                reader.forgetBefore(floor);
            }
        } catch (RocksDBException e) {
            LOG.warn("Old entries of the journal could not be removed: {}", e.getMessage());
        }
    }

    private boolean step(Store store) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions writing = new WriteOptions();
                RocksIterator at = store.database().newIterator(store.log())) {
            at.seek(log.floor().key());
            LogPosition removed = null;
            Map<IndexKey, Long> numbers = new HashMap<>();
            int count = 0;
            while (at.isValid() && count < MOST_IN_A_STEP) {
                byte[] key = at.key();
                byte[] block = at.value();
                Block.Header header = Block.header(block);
                at.next();
                if (!at.isValid() || !isOver(header)) {
                    break;
                }
                LogPosition first = LogPosition.parse(key, 0);
                count += removeIndex(store, batch, first, block, numbers);
                batch.delete(store.log(), key);
                removed = header.last();
            }
            at.status();
            if (removed == null) {
                return false;
            }
            writeHeads(store, batch, numbers);
            Log.writeFloor(batch, store, removed);
            // Readers that begin from now on are told before what they would look for is gone.
            log.removed(removed);
            store.database().write(writing, batch);
            return true;
        }
    }

    private boolean isOver(Block.Header header) {
        return clock.millis() - header.appendedAt() > settings.age().toMillis()
                || log.bytesEver() - header.bytesBefore() > settings.bytes();
    }

    /** The numbers of what is in the index no more stay, unless there is a greater one already. */
    private static void writeHeads(Store store, WriteBatch batch, Map<IndexKey, Long> numbers) throws RocksDBException {
        for (Map.Entry<IndexKey, Long> each : numbers.entrySet()) {
            byte[] channel = each.getKey().prefix();
            if (Heads.head(store, channel) < each.getValue()) {
                batch.put(store.heads(), channel, Heads.value(each.getValue()));
            }
        }
    }

    private int removeIndex(Store store, WriteBatch batch, LogPosition first, byte[] block, Map<IndexKey, Long> numbers)
            throws RocksDBException {
        int count = 1;
        for (int offset = Block.first(); offset >= 0; offset = Block.next(block, offset)) {
            JournalEntry entry = EntryCodec.readNames(Block.record(block, offset), tables::relation);
            for (Event event : entry.events()) {
                IndexKey channel = IndexKey.channel(event.channel(), event.isPrivate());
                batch.delete(store.index(), channel.at(first));
                numbers.put(channel, event.sequence());
                if (!event.id().equals(event.position().toString())) {
                    batch.delete(store.index(), IdIndex.key(event.id()));
                }
                count++;
            }
            if (entry.change().relation() != null) {
                batch.delete(
                        store.index(), IndexKey.table(entry.change().relation()).at(first));
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("The journal is closed while old entries are being removed.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
