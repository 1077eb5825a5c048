package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The journal on disk as a whole. Reads it in portions, so that whoever has to exchange the files waits for none of it long. */
final class RocksArchive implements Archive {

    private static final long PORTION = 16L << 20;

    private final Path folder;
    private final StoreGuard guard;
    private final Log log;
    private final Tables tables;
    private final RocksReader reader;
    private final ChannelList channelList;

    RocksArchive(Path folder, StoreGuard guard, Log log, Tables tables) {
        this.folder = folder;
        this.guard = guard;
        this.log = log;
        this.tables = tables;
        this.reader = new RocksReader(guard, log, tables, new Heads(guard));
        this.channelList = new ChannelList(tables);
    }

    private <T extends @Nullable Object> T use(StoreGuard.Use<T> use) throws IOException {
        try {
            return guard.use(use);
        } catch (RocksDBException | DamagedException e) {
            throw new IOException("the journal can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public ReadPoint beginning() {
        LogPosition floor = log.floor();
        return floor.equals(LogPosition.FIRST) ? ReadPoint.BEGINNING : new ReadPoint(floor, ReadPoint.ALL);
    }

    @Override
    public ReadPoint end() {
        LogPosition last = log.last();
        Era era = log.era();
        if (era == null) {
            return ReadPoint.BEGINNING;
        }
        // Of a stretch that has just begun there is nothing yet, but whatever comes is behind its start.
        return last == null || last.era() != era.number() ? front(era) : new ReadPoint(last, ReadPoint.ALL);
    }

    private static ReadPoint front(Era era) {
        return new ReadPoint(new LogPosition(era.number(), era.start(), 0), -1);
    }

    @Override
    public ReadPoint at(Instant time) throws IOException {
        return reader.at(time);
    }

    @Override
    public Optional<ReadPoint> behind(String id) throws IOException {
        Position position = Position.parse(id);
        if (position == null) {
            byte[] found = use(store -> store.database().get(store.index(), IdIndex.key(id)));
            return found == null ? Optional.empty() : Optional.of(IdIndex.parse(found));
        }
        ChangeId change = position.change();
        for (Era era : log.eras().reversed()) {
            // What stands for the place in front of a stretch has the LSN before it.
            if (era.history() == change.history() && Long.compareUnsigned(change.commitLsn(), era.start() - 1) >= 0) {
                return Optional.of(new ReadPoint(LogPosition.of(era.number(), change), position.ordinal()));
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean isKept(ReadPoint point) {
        return point.compareTo(beginning()) >= 0;
    }

    @Override
    public @Nullable String id(ReadPoint point) {
        List<Era> eras = log.eras();
        boolean isBeforeAll = point.change().era() == 0 && !eras.isEmpty();
        return reader.id(isBeforeAll ? front(eras.getFirst()) : point);
    }

    @Override
    public long bytesBefore(ReadPoint point) throws IOException {
        if (point.compareTo(end()) >= 0) {
            return log.bytesEver();
        }
        return use(store -> {
            try (RocksIterator at = store.database().newIterator(store.log())) {
                at.seekForPrev(point.change().key());
                if (!at.isValid()) {
                    at.status();
                    at.seekToFirst();
                }
                return at.isValid() ? Block.header(at.value()).bytesBefore() : log.bytesEver();
            }
        });
    }

    @Override
    public Page scan(EventFilter filter, ReadPoint from, @Nullable ReadPoint to, int most) throws IOException {
        // Read first: whatever is looked at with afterwards has everything up to here.
        LogPosition last = log.last();
        LogPosition head = last == null ? LogPosition.FIRST : last;
        List<Era> eras = List.copyOf(log.eras());
        if (eras.isEmpty()) {
            return new Page(List.of(), from, true, false);
        }
        int era = Math.max(from.change().era(), eras.getFirst().number());
        EventGathering gathering = new EventGathering(filter, from, to, most, tables::relation);
        boolean isThrough = use(store -> {
            LogPosition start = blockOf(store, from.change());
            return filter.namedChannels().isEmpty()
                    ? readAll(store, start, head, era, gathering)
                    : readIndexed(store, filter.namedChannels(), start, head, era, gathering);
        });
        // Retention says what it takes before it takes it: what begins where it has been is not whole.
        if (!isKept(from)) {
            return new Page(List.of(), beginning(), false, true);
        }
        if (gathering.isDone() && to != null) {
            return new Page(gathering.events(), to, true, false);
        }
        if (!isThrough) {
            return new Page(gathering.events(), gathering.next(), false, false);
        }
        Era following = following(eras, era);
        if (following != null && to != null && to.change().era() <= era) {
            return new Page(gathering.events(), to, true, false);
        }
        if (following != null) {
            return new Page(gathering.events(), front(following), false, true);
        }
        ReadPoint end = head.era() != era ? from : new ReadPoint(head, ReadPoint.ALL);
        if (to != null && to.compareTo(end) < 0) {
            end = to;
        }
        ReadPoint next = gathering.next().compareTo(end) > 0 ? gathering.next() : end;
        return new Page(gathering.events(), next, true, false);
    }

    private static @Nullable Era following(List<Era> eras, int era) {
        return eras.stream().filter(each -> each.number() > era).findFirst().orElse(null);
    }

    /** The block that a change stands in, or that stands before it. */
    private static LogPosition blockOf(Store store, LogPosition change) throws RocksDBException {
        try (RocksIterator at = store.database().newIterator(store.log())) {
            at.seekForPrev(change.key());
            at.status();
            return at.isValid() ? LogPosition.parse(at.key(), 0) : LogPosition.FIRST;
        }
    }

    /** Whether everything of the era has been read, up to the head. */
    private boolean readAll(Store store, LogPosition start, LogPosition head, int era, EventGathering gathering)
            throws RocksDBException {
        try (RocksIterator at = store.database().newIterator(store.log())) {
            for (at.seek(start.key()); at.isValid(); at.next()) {
                LogPosition key = LogPosition.parse(at.key(), 0);
                if (key.era() > era || key.compareTo(head) > 0) {
                    return true;
                }
                byte[] block = at.value();
                if (key.era() < era) {
                    continue;
                }
                if (!gathering.begin(block)) {
                    return false;
                }
                int history = log.historyOf(era);
                for (int offset = Block.first(); offset >= 0; offset = Block.next(block, offset)) {
                    if (!add(key, history, block, offset, gathering)) {
                        return false;
                    }
                }
            }
            at.status();
            return true;
        }
    }

    private boolean readIndexed(
            Store store, Set<String> channels, LogPosition start, LogPosition head, int era, EventGathering gathering)
            throws RocksDBException {
        Set<IndexKey> keys = new HashSet<>();
        for (String channel : channels) {
            keys.add(IndexKey.channel(channel, true));
            keys.add(IndexKey.channel(channel, false));
        }
        Offsets offsets = new Offsets();
        try (IndexScan scan = new IndexScan(store, keys, start)) {
            for (LogPosition key = scan.next(offsets); key != null; key = scan.next(offsets)) {
                if (key.era() > era || key.compareTo(head) > 0) {
                    return true;
                }
                byte[] block = key.era() < era ? null : store.database().get(store.log(), key.key());
                if (block == null) {
                    continue;
                }
                if (!gathering.begin(block)) {
                    return false;
                }
                int history = log.historyOf(era);
                for (int i = 0; i < offsets.count(); i++) {
                    if (!add(key, history, block, offsets.at(i), gathering)) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    private static boolean add(LogPosition key, int history, byte[] block, int offset, EventGathering gathering) {
        ByteReader record = Block.record(block, offset);
        return gathering.add(key, history, record, record.remaining());
    }

    @Override
    public Contents contents() throws IOException {
        LogPosition floor = log.floor();
        Block.Header oldest = use(store -> Log.oldest(store, floor));
        return new Contents(
                List.copyOf(log.eras()),
                oldest == null ? null : Instant.ofEpochMilli(oldest.appendedAt()),
                oldest == null ? null : Instant.ofEpochMilli(log.appendedAt()),
                id(beginning()),
                id(end()),
                oldest == null ? 0 : log.bytesEver() - oldest.bytesBefore(),
                Store.sizeOnDisk(folder));
    }

    @Override
    public ChannelPage channels(Predicate<String> wanted, @Nullable String after, int most) throws IOException {
        return use(store -> channelList.page(store, wanted, after, most));
    }

    @Override
    public Survey survey(Watcher watcher) throws IOException, InterruptedException {
        Surveying surveying = new Surveying(tables);
        byte[] next = LogPosition.FIRST.key();
        while (next != null) {
            byte[] from = next;
            next = use(store -> survey(store, from, surveying));
            watcher.at(surveying.bytes());
        }
        return surveying.survey(log.eras(), Store.sizeOnDisk(folder));
    }

    /** Looks at a portion; gives where the next one begins, null at the end. */
    private static byte @Nullable [] survey(Store store, byte[] from, Surveying surveying) throws RocksDBException {
        long end = surveying.bytes() + PORTION;
        try (RocksIterator at = store.database().newIterator(store.log())) {
            for (at.seek(from); at.isValid(); at.next()) {
                if (surveying.bytes() >= end) {
                    return at.key();
                }
                surveying.look(store, LogPosition.parse(at.key(), 0), at.value());
            }
            at.status();
            return null;
        }
    }
}
