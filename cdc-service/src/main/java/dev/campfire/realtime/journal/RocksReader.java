package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Reads the journal on disk: knows which place an id, a time or an LSN stands for, and whether all behind it is here. */
final class RocksReader implements JournalReader {

    private final StoreGuard guard;
    private final Log log;
    private final Heads heads;
    private final BlockReader blocks;

    private volatile @Nullable Oldest knownOldest;

    /** The id of the first event behind a point. */
    private record Oldest(ReadPoint point, String id) {}

    RocksReader(StoreGuard guard, Log log, Tables tables, Heads heads) {
        this.guard = guard;
        this.log = log;
        this.heads = heads;
        this.blocks = new BlockReader(guard, log, tables);
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

    @Override
    public boolean keepsNumbers(ReadPoint point) {
        return !log.isRenumbered(point.change());
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
        Page page = blocks.readPositions(oldest, 1);
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
        return blocks.read(selection, from, most);
    }

    @Override
    public Page readNames(Selection selection, ReadPoint from, int most) throws IOException {
        return blocks.readNames(selection, from, most);
    }

    @Override
    public List<JournalEntry> newest(String channel, boolean isPrivate, Instant since, int most) throws IOException {
        return log.era() == null ? List.of() : blocks.newest(channel, isPrivate, since, most);
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

    /** Whether a change stands in the log. */
    boolean contains(LogPosition change) throws IOException {
        return blocks.contains(change);
    }

    /** Forgets everything, because the files are others. */
    void forget() {
        blocks.forget();
        knownOldest = null;
    }

    /** Forgets blocks that retention has removed. */
    void forgetBefore(LogPosition floor) {
        blocks.forgetBefore(floor);
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
