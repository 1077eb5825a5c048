package dev.campfire.realtime.journal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.journal.JournalReader.Page;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Reads entries out of the log's blocks: those that the index names, or all of them. Blocks that were read lately stay in
 * memory, for many clients that come again at once want the same ones. Safe for use by several threads.
 */
final class BlockReader {

    private static final long REMEMBERED_BYTES = 48L << 20;

    private static final EventFilter NOTHING = (channel, isPrivate, name, table) -> false;

    private final StoreGuard guard;
    private final Log log;
    private final Tables tables;
    private final Cache<LogPosition, byte[]> known = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_BYTES)
            .weigher((LogPosition key, byte[] block) -> block.length + 64)
            .build();

    BlockReader(StoreGuard guard, Log log, Tables tables) {
        this.guard = guard;
        this.log = log;
        this.tables = tables;
    }

    private <T extends @Nullable Object> T use(StoreGuard.Use<T> use) throws IOException {
        try {
            return guard.use(use);
        } catch (RocksDBException | DamagedException e) {
            throw new IOException("the journal can't be read: " + e.getMessage(), e);
        }
    }

    /** Whether a change stands in the log. */
    boolean contains(LogPosition change) throws IOException {
        return use(store -> {
            LogPosition at = blockOf(store, change);
            byte[] block = block(store, at);
            if (block != null) {
                for (int offset = Block.first(); offset >= 0; offset = Block.next(block, offset)) {
                    if (EntryCodec.position(Block.record(block, offset), at.era())
                            .equals(change)) {
                        return true;
                    }
                }
            }
            return false;
        });
    }

    /** As {@link JournalReader#read} does. */
    Page read(Selection selection, ReadPoint from, int most) throws IOException {
        return read(selection, from, most, (channel, side, name, table) -> selection.hasChannel(channel, side));
    }

    /** As {@link JournalReader#readNames} does. */
    Page readNames(Selection selection, ReadPoint from, int most) throws IOException {
        return read(selection, from, most, (EventFilter) null);
    }

    /** Reads entries without any of their events. */
    Page readPositions(ReadPoint from, int most) throws IOException {
        return read(Selection.EVERYTHING, from, most, NOTHING);
    }

    private Page read(Selection selection, ReadPoint from, int most, @Nullable EventFilter wanted) throws IOException {
        LogPosition head = log.last();
        if (head == null || from.compareTo(new ReadPoint(head, ReadPoint.ALL)) >= 0) {
            return new Page(List.of(), from, true);
        }
        Gathering gathering = new Gathering(selection, from, most, wanted, log::historyOf, tables::relation);
        boolean isFull = use(store -> {
            if (selection.isEverything()) {
                return readAll(store, from, gathering);
            }
            try (IndexScan scan = new IndexScan(store, selection.keys(), blockOf(store, from.change()))) {
                return readIndexed(store, scan, head, gathering);
            }
        });
        return isFull
                ? new Page(gathering.entries(), gathering.next(), false)
                : new Page(gathering.entries(), gathering.nextOr(new ReadPoint(head, ReadPoint.ALL)), true);
    }

    /** The block that a change stands in, or that stands before it. */
    private static LogPosition blockOf(Store store, LogPosition change) throws RocksDBException {
        try (RocksIterator at = store.database().newIterator(store.log())) {
            at.seekForPrev(change.key());
            at.status();
            return at.isValid() ? LogPosition.parse(at.key(), 0) : LogPosition.FIRST;
        }
    }

    private boolean readAll(Store store, ReadPoint from, Gathering gathering) throws RocksDBException {
        try (RocksIterator at = store.database().newIterator(store.log())) {
            at.seek(blockOf(store, from.change()).key());
            for (; at.isValid(); at.next()) {
                LogPosition key = LogPosition.parse(at.key(), 0);
                byte[] block = at.value();
                for (int offset = Block.first(); offset >= 0; offset = Block.next(block, offset)) {
                    if (!gathering.add(key.era(), block, offset)) {
                        return true;
                    }
                }
            }
            at.status();
            return false;
        }
    }

    private boolean readIndexed(Store store, IndexScan scan, LogPosition head, Gathering gathering)
            throws RocksDBException {
        Offsets offsets = new Offsets();
        // Of what is behind the head one name's iterator may know, and another's not yet.
        for (LogPosition at = scan.next(offsets); at != null && at.compareTo(head) <= 0; at = scan.next(offsets)) {
            byte[] block = block(store, at);
            if (block == null) {
                // Retention was here first.
                continue;
            }
            for (int i = 0; i < offsets.count(); i++) {
                if (!gathering.add(at.era(), block, offsets.at(i))) {
                    return true;
                }
            }
        }
        return false;
    }

    private byte @Nullable [] block(Store store, LogPosition at) throws RocksDBException {
        byte[] remembered = known.getIfPresent(at);
        if (remembered != null) {
            return remembered;
        }
        byte[] block = store.database().get(store.log(), at.key());
        if (block != null) {
            known.put(at, block);
        }
        return block;
    }

    /** As {@link JournalReader#newest} does, of a log that has begun. */
    List<JournalEntry> newest(String channel, boolean isPrivate, Instant since, int most) throws IOException {
        IndexKey key = IndexKey.channel(channel, isPrivate);
        LogPosition start = log.start();
        return use(store -> {
            Deque<JournalEntry> found = new ArrayDeque<>();
            byte[] prefix = key.prefix();
            try (RocksIterator at = store.database().newIterator(store.index())) {
                at.seekForPrev(key.at(LogPosition.LAST));
                for (; at.isValid() && found.size() < most; at.prev()) {
                    LogPosition block = IndexScan.block(at.key(), prefix);
                    if (block == null || block.compareTo(start) < 0) {
                        break;
                    }
                    if (!addBackwards(store, block, at.value(), channel, isPrivate, since, most, found)) {
                        break;
                    }
                }
                at.status();
            }
            return List.copyOf(found);
        });
    }

    /** Puts a block's entries in front; false when one was too old. */
    private boolean addBackwards(
            Store store,
            LogPosition at,
            byte[] places,
            String channel,
            boolean isPrivate,
            Instant since,
            int most,
            Deque<JournalEntry> found)
            throws RocksDBException {
        byte[] block = block(store, at);
        if (block == null) {
            return false;
        }
        List<Integer> offsets = new ArrayList<>();
        for (ByteReader in = IndexValue.places(places); in.hasMore(); ) {
            offsets.add((int) in.readVar());
        }
        for (int offset : offsets.reversed()) {
            JournalEntry entry = EntryCodec.read(
                    Block.record(block, offset),
                    log.historyOf(at.era()),
                    tables::relation,
                    (name, side, event, table) -> side == isPrivate && name.equals(channel));
            if (entry.change().commitTime().isBefore(since)) {
                return false;
            }
            if (found.size() < most) {
                found.addFirst(entry);
            }
        }
        return true;
    }

    /** Forgets everything, because the files are others. */
    void forget() {
        known.invalidateAll();
    }

    /** Forgets blocks that retention has removed. */
    void forgetBefore(LogPosition floor) {
        known.asMap().keySet().removeIf(key -> key.compareTo(floor) <= 0);
    }
}
