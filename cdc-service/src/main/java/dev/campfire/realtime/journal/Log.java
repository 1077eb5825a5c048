package dev.campfire.realtime.journal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * What is known of the log without looking: its eras, its ends, and how much was ever appended. Changed by the thread that
 * appends and, at its old end, by retention; read by any.
 */
final class Log {

    private static final byte[] COMPLETE = {'c'};
    private static final byte[] FLOOR = {'f'};
    private static final byte[] RENUMBERED = {'u'};
    private static final byte[] END_LOST = {'x'};
    private static final byte ERA = 'e';

    private volatile List<Era> eras = List.of();
    private volatile @Nullable LogPosition last;
    private volatile LogPosition floor = LogPosition.FIRST;
    private volatile long complete;
    private volatile long bytesEver;
    private volatile long appendedAt;

    /** How far the WAL reached when the stream began that is appended now, or reaches since, kept or not; 0 before the first. */
    private volatile long streamEnd;

    /** What has the stream again up to here, in this stretch, may have had other numbers before. */
    private volatile LogPosition renumbered = LogPosition.FIRST;

    private volatile boolean hasLostEnd;

    /** Reads what is in the store. */
    void load(Store store) throws RocksDBException {
        List<Era> storedEras = new ArrayList<>();
        try (RocksIterator at = store.database().newIterator(store.meta())) {
            for (at.seek(new byte[] {ERA}); at.isValid() && isEra(at.key()); at.next()) {
                storedEras.add(Era.parse(new ByteReader(at.key(), 1, at.key().length).readInt(), at.value()));
            }
            at.status();
        }
        byte[] storedComplete = store.database().get(store.meta(), COMPLETE);
        byte[] newest = null;
        try (RocksIterator at = store.database().newIterator(store.log())) {
            at.seekToLast();
            if (at.isValid()) {
                newest = at.value();
            }
            at.status();
        }
        // Readers look on meanwhile: nothing is taken away that comes again.
        Block.Header header = newest == null ? null : Block.header(newest);
        loadLosses(store);
        last = header == null ? null : header.last();
        eras = List.copyOf(storedEras);
        // Without its end it is complete up to nowhere, and nothing is acknowledged.
        complete = storedComplete == null || hasLostEnd ? 0 : new ByteReader(storedComplete).readLong();
        bytesEver = header == null || newest == null ? 0 : header.bytesBefore() + newest.length;
        appendedAt = header == null ? 0 : header.appendedAt();
    }

    /** Reads what of the store is not there, or not as it was. */
    void loadLosses(Store store) throws RocksDBException {
        byte[] stored = store.database().get(store.meta(), RENUMBERED);
        renumbered = stored == null ? LogPosition.FIRST : LogPosition.parse(stored, 0);
        hasLostEnd = store.database().get(store.meta(), END_LOST) != null;
        floor = floor(store);
    }

    /** The newest change that has been removed from a store. */
    static LogPosition floor(Store store) throws RocksDBException {
        byte[] stored = store.database().get(store.meta(), FLOOR);
        return stored == null ? LogPosition.FIRST : LogPosition.parse(stored, 0);
    }

    private static boolean isEra(byte[] key) {
        return key.length == 1 + Integer.BYTES && key[0] == ERA;
    }

    /** The stretch that is being appended to; null before the first. */
    @Nullable
    Era era() {
        List<Era> known = eras;
        return known.isEmpty() ? null : known.getLast();
    }

    List<Era> eras() {
        return eras;
    }

    int historyOf(int number) {
        for (Era era : eras) {
            if (era.number() == number) {
                return era.history();
            }
        }
        throw new DamagedException("an era that is not known");
    }

    /** The newest change; null when there is none. */
    @Nullable
    LogPosition last() {
        return last;
    }

    /** The newest change that retention, or damage, has removed. */
    LogPosition floor() {
        return floor;
    }

    /** Before here every transaction is in the log. */
    long complete() {
        return complete;
    }

    long bytesEver() {
        return bytesEver;
    }

    long appendedAt() {
        return appendedAt;
    }

    /** What the stream has again, of this stretch up to here, may have had other numbers before. */
    void renumbers(LogPosition through) {
        renumbered = through;
    }

    /** Whether an event may have had another number before the journal lost its end. */
    boolean isRenumbered(LogPosition position) {
        LogPosition through = renumbered;
        return position.era() == through.era() && position.compareTo(through) <= 0;
    }

    /** Whether damage took the newest changes, so that nobody knows what is missing until another stretch begins. */
    boolean hasLostEnd() {
        return hasLostEnd;
    }

    /** How far anything may have been numbered, as far as is known. */
    long numberedThrough() {
        LogPosition newest = last;
        long known = newest == null || Long.compareUnsigned(newest.lsn(), complete) < 0 ? complete : newest.lsn();
        return Long.compareUnsigned(streamEnd, known) > 0 ? streamEnd : known;
    }

    void streams(long end) {
        streamEnd = end;
    }

    /** Something came that is not kept. */
    void streamed(long lsn) {
        if (Long.compareUnsigned(lsn, streamEnd) > 0) {
            streamEnd = lsn;
        }
    }

    /** Whether nothing that was ever committed can stand there, as far as is known. */
    boolean isInFuture(LogPosition position) {
        LogPosition newest = last;
        long end = streamEnd;
        return end != 0
                && Long.compareUnsigned(position.lsn(), end) > 0
                && (newest == null || newest.compareTo(position) < 0);
    }

    /** The position of the first change that nobody can have lost. */
    LogPosition start() {
        Era era = era();
        LogPosition begin = era == null ? LogPosition.FIRST : new LogPosition(era.number(), era.start(), 0);
        LogPosition behind = floor;
        return behind.compareTo(begin) > 0 ? behind : begin;
    }

    /** Begins another stretch; to be called when it has been written. */
    void begin(Era era) {
        List<Era> more = new ArrayList<>(eras);
        more.add(era);
        eras = List.copyOf(more);
        complete = era.start();
        hasLostEnd = false;
    }

    static void write(WriteBatch batch, Store store, Era era) throws RocksDBException {
        ByteWriter key = new ByteWriter(1 + Integer.BYTES);
        key.writeByte(ERA);
        key.writeInt(era.number());
        batch.put(store.meta(), key.toByteArray(), era.toBytes());
        batch.delete(store.meta(), END_LOST);
        writeComplete(batch, store, era.start());
    }

    static void writeComplete(WriteBatch batch, Store store, long lsn) throws RocksDBException {
        ByteWriter value = new ByteWriter(Long.BYTES);
        value.writeLong(lsn);
        batch.put(store.meta(), COMPLETE, value.toByteArray());
    }

    static void writeRenumbered(WriteBatch batch, Store store, LogPosition through) throws RocksDBException {
        batch.put(store.meta(), RENUMBERED, through.key());
    }

    /** The newest changes are gone: whatever was appended counts as removed. */
    static void writeLostEnd(WriteBatch batch, Store store) throws RocksDBException {
        batch.put(store.meta(), END_LOST, new byte[0]);
    }

    static void writeFloor(WriteBatch batch, Store store, LogPosition floor) throws RocksDBException {
        batch.put(store.meta(), FLOOR, floor.key());
    }

    void appended(LogPosition newest, long bytes, long at) {
        last = newest;
        bytesEver += bytes;
        appendedAt = at;
    }

    void passed(LogPosition newest) {
        last = newest;
    }

    void completed(long lsn) {
        complete = lsn;
    }

    void removed(LogPosition newest) {
        floor = newest;
    }

    /** The first block; null when there is none. */
    static Block.@Nullable Header oldest(Store store, LogPosition floor) throws RocksDBException {
        try (RocksIterator at = store.database().newIterator(store.log())) {
            at.seek(floor.key());
            if (at.isValid()) {
                return Block.header(at.value());
            }
            at.status();
            return null;
        }
    }

    /** The keys of the eras, for whoever wants to look at each. */
    List<LogPosition> begins() {
        List<LogPosition> begins = new ArrayList<>();
        eras.forEach(era -> begins.add(new LogPosition(era.number(), 0, 0)));
        return begins;
    }
}
