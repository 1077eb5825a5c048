package dev.campfire.realtime.journal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Reads the journal on disk: the blocks that the index names, or all of them. Blocks that were read lately stay in memory,
 * for many clients that come again at once want the same ones.
 */
final class RocksReader implements JournalReader {

    private static final long REMEMBERED_BYTES = 48L << 20;

    private static final EventFilter NOTHING = (channel, isPrivate, name, table) -> false;

    private final StoreGuard guard;
    private final Log log;
    private final Tables tables;
    private final Heads heads;
    private final Cache<LogPosition, byte[]> blocks = Caffeine.newBuilder()
            .maximumWeight(REMEMBERED_BYTES)
            .weigher((LogPosition key, byte[] block) -> block.length + 64)
            .build();

    private volatile @Nullable Oldest knownOldest;

    /** The id of the first event behind a point. */
    private record Oldest(ReadPoint point, String id) {}

    RocksReader(StoreGuard guard, Log log, Tables tables, Heads heads) {
        this.guard = guard;
        this.log = log;
        this.tables = tables;
        this.heads = heads;
    }

    private <T extends @Nullable Object> T use(StoreGuard.Use<T> use) throws IOException {
        try {
            return guard.use(use);
        } catch (RocksDBException | DamagedException e) {
            throw new IOException("the journal can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<ReadPoint> after(String id) throws IOException {
        Era era = log.era();
        if (era == null) {
            return Optional.empty();
        }
        Position position = Position.parse(id);
        ReadPoint point;
        if (position != null) {
            if (position.change().history() != era.history()) {
                return Optional.empty();
            }
            point = new ReadPoint(LogPosition.of(era.number(), position.change()), position.ordinal());
            if (log.isInFuture(point.change()) || hasDiverged(point.change(), era)) {
                return Optional.empty();
            }
        } else {
            byte[] found = use(store -> store.database().get(store.index(), IdIndex.key(id)));
            if (found == null) {
                return Optional.empty();
            }
            point = IdIndex.parse(found);
        }
        return hasAllBehind(point, era) ? Optional.of(point) : Optional.empty();
    }

    /** Where the database was set back, an id may be that of something which is no more. */
    private boolean hasDiverged(LogPosition change, Era era) throws IOException {
        return Long.compareUnsigned(change.lsn(), era.start()) >= 0
                && Long.compareUnsigned(change.lsn(), era.divergedThrough()) <= 0
                && !contains(change);
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

    @Override
    public boolean hasAllBehind(ReadPoint point) {
        Era era = log.era();
        return era == null || hasAllBehind(point, era);
    }

    @Override
    public Optional<ReadPoint> since(long lsn) {
        Era era = log.era();
        if (era == null) {
            return Optional.empty();
        }
        ReadPoint point = new ReadPoint(new LogPosition(era.number(), lsn, 0), -1);
        return hasAllBehind(point, era) ? Optional.of(point) : Optional.empty();
    }

    private boolean hasAllBehind(ReadPoint point, Era era) {
        LogPosition floor = log.floor();
        if (floor.era() == era.number() && Long.compareUnsigned(floor.lsn(), era.start()) >= 0) {
            return point.compareTo(new ReadPoint(floor, ReadPoint.ALL)) >= 0;
        }
        LogPosition at = point.change();
        return at.era() == era.number() && Long.compareUnsigned(at.lsn(), era.start() - 1) >= 0;
    }

    @Override
    public ReadPoint oldest() {
        LogPosition floor = log.floor();
        LogPosition start = log.start();
        return new ReadPoint(start, start.equals(floor) ? ReadPoint.ALL : -1);
    }

    @Override
    public ReadPoint end() {
        LogPosition last = log.last();
        LogPosition start = log.start();
        return last == null || last.compareTo(start) < 0
                ? new ReadPoint(start, -1)
                : new ReadPoint(last, ReadPoint.ALL);
    }

    @Override
    public ReadPoint behind(ChangeId change) {
        Era era = log.era();
        return era == null || era.history() != change.history()
                ? end()
                : new ReadPoint(LogPosition.of(era.number(), change), ReadPoint.ALL);
    }

    @Override
    public @Nullable String id(ReadPoint point) {
        LogPosition at = point.change();
        for (Era era : log.eras()) {
            if (era.number() == at.era()) {
                // In front of everything at an LSN is behind everything before it.
                return point.ordinal() < 0
                        ? new Position(new ChangeId(era.history(), at.lsn() - 1, 0), ReadPoint.ALL).toString()
                        : new Position(at.change(era.history()), point.ordinal()).toString();
            }
        }
        return null;
    }

    @Override
    public @Nullable String oldestId() throws IOException {
        Era era = log.era();
        if (era == null) {
            return null;
        }
        ReadPoint oldest = oldest();
        Oldest known = knownOldest;
        if (known != null && known.point().equals(oldest)) {
            return known.id();
        }
        Page page = read(Selection.EVERYTHING, oldest, 1, NOTHING);
        if (page.entries().isEmpty()) {
            return null;
        }
        String id = new Position(page.entries().getFirst().change().id(), 0).toString();
        knownOldest = new Oldest(oldest, id);
        return id;
    }

    @Override
    public ReadPoint at(Instant time) throws IOException {
        return use(store -> {
            try (RocksIterator at = store.database().newIterator(store.log())) {
                LogPosition before = null;
                for (LogPosition begin : log.begins()) {
                    LogPosition found = bisect(at, begin, time.toEpochMilli());
                    before = found == null ? before : found;
                }
                return before == null ? ReadPoint.BEGINNING : new ReadPoint(before, ReadPoint.ALL);
            }
        });
    }

    /** The last change of an era's last block that was appended before the time; null when there is none. */
    private static @Nullable LogPosition bisect(RocksIterator at, LogPosition begin, long millis)
            throws RocksDBException {
        LogPosition found = null;
        long low = 0;
        long high = -1;
        // The position of a block before the time moves the lower end, that of one behind it the upper.
        while (Long.compareUnsigned(low, high) < 0) {
            long middle = low + Long.divideUnsigned(high - low, 2);
            at.seekForPrev(new LogPosition(begin.era(), middle, -1).key());
            at.status();
            LogPosition key = at.isValid() ? LogPosition.parse(at.key(), 0) : null;
            Block.Header header = key == null || key.era() != begin.era() ? null : Block.header(at.value());
            if (header == null || header.appendedAt() < millis) {
                if (header != null) {
                    found = header.last();
                }
                low = middle + 1;
            } else {
                high = key == null ? middle : Long.compareUnsigned(key.lsn(), middle) < 0 ? key.lsn() : middle;
            }
        }
        return found;
    }

    @Override
    public boolean covers(ReadPoint point, Position position) {
        int era = point.change().era();
        for (Era known : log.eras()) {
            if (known.number() == era) {
                return known.history() == position.change().history()
                        && new ReadPoint(LogPosition.of(era, position.change()), position.ordinal()).compareTo(point)
                                <= 0;
            }
        }
        return false;
    }

    @Override
    public Page read(Selection selection, ReadPoint from, int most) throws IOException {
        return read(selection, from, most, (channel, side, name, table) -> selection.hasChannel(channel, side));
    }

    @Override
    public Page readNames(Selection selection, ReadPoint from, int most) throws IOException {
        return read(selection, from, most, (EventFilter) null);
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
        TreeSet<Integer> offsets = new TreeSet<>();
        // Of what is behind the head one name's iterator may know, and another's not yet.
        for (LogPosition at = scan.next(offsets); at != null && at.compareTo(head) <= 0; at = scan.next(offsets)) {
            byte[] block = block(store, at);
            if (block == null) {
                // Retention was here first.
                continue;
            }
            for (int offset : offsets) {
                if (!gathering.add(at.era(), block, offset)) {
                    return true;
                }
            }
        }
        return false;
    }

    private byte @Nullable [] block(Store store, LogPosition at) throws RocksDBException {
        byte[] known = blocks.getIfPresent(at);
        if (known != null) {
            return known;
        }
        byte[] block = store.database().get(store.log(), at.key());
        if (block != null) {
            blocks.put(at, block);
        }
        return block;
    }

    @Override
    public List<JournalEntry> newest(String channel, boolean isPrivate, Instant since, int most) throws IOException {
        Era era = log.era();
        if (era == null) {
            return List.of();
        }
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
        for (ByteReader in = new ByteReader(places); in.hasMore(); ) {
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

    @Override
    public Instant keptSince() throws IOException {
        Era era = log.era();
        if (era == null) {
            return Instant.MAX;
        }
        LogPosition floor = log.floor();
        if (floor.compareTo(new LogPosition(era.number(), era.start(), 0)) < 0) {
            return era.begun();
        }
        Block.Header oldest = use(store -> Log.oldest(store, floor));
        return oldest == null ? era.begun() : Instant.ofEpochMilli(oldest.appendedAt());
    }

    /** Forgets everything, because the files are others. */
    void forget() {
        blocks.invalidateAll();
        knownOldest = null;
    }

    /** Forgets blocks that retention has removed. */
    void forgetBefore(LogPosition floor) {
        blocks.asMap().keySet().removeIf(key -> key.compareTo(floor) <= 0);
    }

    @Override
    public long sequence(String channel, boolean isPrivate) throws IOException {
        try {
            return heads.last(IndexKey.channel(channel, isPrivate));
        } catch (RocksDBException e) {
            throw new IOException("the journal can't be read: " + e.getMessage(), e);
        }
    }
}
