package dev.campfire.realtime.journal;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Carries what is whole of a damaged store into a fresh one: the blocks that hang together up to the end, what leads to
 * them, the channels' numbers, and the small things. For one thread, which is told to end by being interrupted.
 */
final class Carrying implements AutoCloseable {

    private static final int BATCH_BYTES = 1 << 20;

    private final Store fresh;
    private final BooleanSupplier hasRoom;
    private final Tables tables = new Tables();
    private final WriteOptions writing = new WriteOptions().setDisableWAL(true);

    private LogPosition floor = LogPosition.FIRST;
    private @Nullable LogPosition newest;
    private boolean hasLosses;
    private boolean hasLostEnd;
    private boolean hasLostNumbers;
    private boolean hasLostIndex;
    private long sinceLook;

    /** @param hasRoom whether the disk takes more */
    Carrying(Store fresh, BooleanSupplier hasRoom) {
        this.fresh = fresh;
        this.hasRoom = hasRoom;
    }

    /** Carries the small things, without which nothing else can be read; to be carried again with the last. */
    void carrySmall(Store damaged) throws RocksDBException {
        fresh.database().deleteRange(fresh.meta(), writing, new byte[] {0}, new byte[] {-1});
        carryAll(damaged, damaged.meta(), fresh.meta());
        tables.load(fresh);
        floor = floor.compareTo(Log.floor(fresh)) > 0 ? floor : Log.floor(fresh);
    }

    /** Carries all that is there now. Takes as long as it takes to read the log twice. */
    void carry(Store damaged) throws RocksDBException {
        Remains remains = new Remains(damaged, floor);
        remains.giveTo(this::take);
        hasLosses = remains.hasLosses();
        hasLostEnd = remains.hasLostEnd();
        newest = remains.newest();
        carryNumbers(damaged);
        LogPosition first = hasLostEnd ? null : beginOfWhatHangsTogether();
        hasLostEnd = first == null && hasLosses;
        // In the blocks that are whole there are no numbers of those that are not.
        hasLostNumbers |= hasLostIndex && hasLosses;
        if (hasLosses) {
            removeBefore(first == null ? LogPosition.LAST : first);
        }
    }

    /** After the blocks, so that none of them has a number that is not among these. */
    private void carryNumbers(Store damaged) throws RocksDBException {
        hasLostNumbers = isLost(() -> carryAll(damaged, damaged.heads(), fresh.heads()));
        // The index is made again of the blocks, but where blocks are lost only the old one has their numbers.
        hasLostIndex = isLost(() -> carryNumbersOfIndex(damaged));
    }

    /** Something that reads a damaged store. */
    private interface Reading {
        void read() throws RocksDBException;
    }

    private static boolean isLost(Reading reading) throws RocksDBException {
        try {
            reading.read();
            return false;
        } catch (RocksDBException e) {
            if (!Store.isDamage(e)) {
                throw e;
            }
            return true;
        }
    }

    private void carryNumbersOfIndex(Store damaged) throws RocksDBException {
        byte[] channel = null;
        long number = 0;
        try (RocksIterator at = damaged.database().newIterator(damaged.index())) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                byte[] name = IndexKey.channelOf(at.key());
                if (!Arrays.equals(name, channel)) {
                    keepNumber(channel, number);
                    channel = name;
                }
                number = name == null ? 0 : IndexValue.number(at.value());
                lookAfter(at.key().length);
            }
            at.status();
        }
        keepNumber(channel, number);
    }

    /** A channel's number is at least this one. */
    private void keepNumber(byte @Nullable [] channel, long number) throws RocksDBException {
        if (channel == null || number == 0) {
            return;
        }
        if (Heads.head(fresh, channel) < number) {
            fresh.database().put(fresh.heads(), writing, channel, Heads.value(number));
        }
    }

    private void carryAll(Store damaged, ColumnFamilyHandle from, ColumnFamilyHandle to) throws RocksDBException {
        try (RocksIterator at = damaged.database().newIterator(from)) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                fresh.database().put(to, writing, at.key(), at.value());
                lookAfter(at.key().length);
            }
            at.status();
        }
    }

    private boolean take(LogPosition first, byte[] block) throws RocksDBException {
        fresh.database().put(fresh.log(), writing, first.key(), block);
        return lookAfter(block.length);
    }

    /** Whether there is room after so many more bytes. */
    private boolean lookAfter(int bytes) throws RocksDBException {
        sinceLook += bytes;
        if (sinceLook < BATCH_BYTES) {
            return true;
        }
        sinceLook = 0;
        if (Thread.currentThread().isInterrupted()) {
            throw new RocksDBException("the journal is being closed");
        }
        return hasRoom.getAsBoolean();
    }

    /** Goes from the end back to where a block is missing, and makes the index; null when that is the last one. */
    private @Nullable LogPosition beginOfWhatHangsTogether() throws RocksDBException {
        LogPosition first = null;
        long follows = -1;
        try (RocksIterator at = fresh.database().newIterator(fresh.log())) {
            for (at.seekToLast(); at.isValid(); at.prev()) {
                LogPosition key = LogPosition.parse(at.key(), 0);
                byte[] block = at.value();
                Block.Header header = Block.header(block);
                if (follows >= 0 && header.bytesBefore() + block.length != follows) {
                    hasLosses = true;
                    break;
                }
                boolean isRoomForMore = lead(key, block);
                follows = header.bytesBefore();
                first = key;
                if (!isRoomForMore) {
                    hasLosses = true;
                    break;
                }
            }
            at.status();
        } catch (DamagedException e) {
            // It is as it was written, and yet tells of what is not known.
            hasLosses = true;
        }
        return first;
    }

    /** Makes the index that leads to a block, and keeps numbers that are not known; false when there was no room. */
    private boolean lead(LogPosition first, byte[] block) throws RocksDBException {
        BlockNames names = names(first, block);
        try (WriteBatch batch = new WriteBatch()) {
            names.writeIndex(batch, fresh);
            fresh.database().write(writing, batch);
        }
        if (hasLostNumbers) {
            names.giveNumbers(this::keepNumber);
        }
        return lookAfter(block.length);
    }

    private BlockNames names(LogPosition first, byte[] block) {
        BlockNames names = new BlockNames(first);
        for (int offset = Block.first(); offset >= 0; offset = Block.next(block, offset)) {
            names.add(EntryCodec.readNames(Block.record(block, offset), tables::relation), offset);
        }
        return names;
    }

    private void removeBefore(LogPosition first) throws RocksDBException {
        fresh.database().deleteRange(fresh.log(), writing, LogPosition.FIRST.key(), first.key());
        LogPosition before = before(first);
        floor = before.compareTo(floor) > 0 ? before : floor;
    }

    /** No change stands between the two; of every transaction the LSN before is none. */
    private static LogPosition before(LogPosition first) {
        return first.index() > 0
                ? new LogPosition(first.era(), first.lsn(), first.index() - 1)
                : new LogPosition(first.era(), first.lsn() - 1, Integer.MAX_VALUE);
    }

    /**
     * Carries what has come since, and says in the fresh store what is lost; everything is durable then. Nobody writes to the
     * damaged one any more.
     *
     * @param numberedThrough the LSN up to which numbers may have been given that are lost
     */
    void finish(Store damaged, long numberedThrough) throws RocksDBException {
        carrySmall(damaged);
        if (!hasLostEnd) {
            carryNewer(damaged);
        }
        try (WriteBatch batch = new WriteBatch()) {
            Log carried = new Log();
            carried.load(fresh);
            Era era = carried.era();
            if (hasLostEnd && era != null) {
                floor = new LogPosition(era.number(), -1, Integer.MAX_VALUE);
                Log.writeLostEnd(batch, fresh);
            }
            if (hasLostNumbers && era != null) {
                long known = carried.numberedThrough();
                long through = Long.compareUnsigned(known, numberedThrough) > 0 ? known : numberedThrough;
                Log.writeRenumbered(batch, fresh, new LogPosition(era.number(), through, Integer.MAX_VALUE));
            }
            Log.writeFloor(batch, fresh, floor);
            fresh.database().write(writing, batch);
        }
        try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            fresh.database().flush(waiting, fresh.families());
        }
    }

    private void carryNewer(Store damaged) throws RocksDBException {
        Remains remains = new Remains(damaged, newest == null ? floor : newest);
        remains.giveTo((first, block) -> {
            take(first, block);
            return true;
        });
        if (remains.hasLosses()) {
            throw Store.damage("more damage was met on the way");
        }
        try (RocksIterator at = fresh.database().newIterator(fresh.log())) {
            for (at.seek((newest == null ? floor : newest).key()); at.isValid(); at.next()) {
                BlockNames names = names(LogPosition.parse(at.key(), 0), at.value());
                try (WriteBatch batch = new WriteBatch()) {
                    names.writeIndex(batch, fresh);
                    fresh.database().write(writing, batch);
                }
                names.giveNumbers(this::keepNumber);
            }
            at.status();
        }
    }

    /** The newest change that is lost or had been removed before. */
    LogPosition floor() {
        return floor;
    }

    /** Whether something is lost that had not been removed before. */
    boolean hasLosses() {
        return hasLosses;
    }

    /** Whether the newest changes are lost. */
    boolean hasLostEnd() {
        return hasLostEnd;
    }

    /** Whether channels may have lost their numbers. */
    boolean hasLostNumbers() {
        return hasLostNumbers;
    }

    @Override
    public void close() {
        writing.close();
    }
}
