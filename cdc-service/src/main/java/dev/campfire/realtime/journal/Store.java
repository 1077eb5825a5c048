package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;

/**
 * The opened files of a journal. What is read and written with is closed with it, so whoever uses a store sees to it that
 * nobody closes it meanwhile.
 *
 * <p>Files whose write-ahead log ends in the middle of a batch, or in nonsense, are cut there when they are opened.
 */
final class Store implements AutoCloseable {

    /**
     * What stores have that this version writes; of another format they are refused. In format 1 the index has no numbers, which
     * all stand in the heads: it is read as it is, and has this format as soon as something may be written to it.
     */
    static final int FORMAT = 2;

    private static final int FORMAT_WITHOUT_NUMBERS = 1;

    /** The file that every store has. */
    static final String CURRENT = "CURRENT";

    private static final byte[] FORMAT_KEY = ascii("format");
    private static final byte[] OWNER_KEY = ascii("owner");
    private static final long WRITE_BUFFER = 16L << 20;

    /**
     * So many files of the index are merged into larger ones at a time. Entries of many channels are in every file, so that what is
     * merged by levels would be read and written as a whole each time.
     */
    private static final int INDEX_FILES = 8;

    private static final long CACHE = 32L << 20;
    private static final int OPEN_FILES = 512;

    private final List<AutoCloseable> owned;
    private final RocksDB database;
    private final ColumnFamilyHandle meta;
    private final ColumnFamilyHandle log;
    private final ColumnFamilyHandle index;
    private final ColumnFamilyHandle heads;

    private final boolean isDamaged;

    private Store(List<AutoCloseable> owned, RocksDB database, List<ColumnFamilyHandle> families, boolean isDamaged) {
        this.isDamaged = isDamaged;
        this.owned = owned;
        this.database = database;
        this.meta = families.get(0);
        this.log = families.get(1);
        this.index = families.get(2);
        this.heads = families.get(3);
    }

    /** How a store is opened. */
    enum Mode {
        /** It is made where there is none, and nobody else may have it open. */
        WRITE,
        /** It has to be there. */
        READ,
        /** As with WRITE, also where files are missing or broken, for what can be read of the others. */
        DAMAGED
    }

    /**
     * @param owner whose events it holds; refused when it holds those of another one; null to take any
     * @throws RocksDBException when the files are damaged, locked or can't be written
     * @throws JournalException when they are of another format, or another database's
     */
    static Store open(Path folder, @Nullable String owner, Mode mode) throws RocksDBException, JournalException {
        NativeLibrary.load(folder);
        lookThroughLogs(folder, mode);
        List<AutoCloseable> owned = new ArrayList<>();
        Cache cache = new LRUCache(CACHE);
        owned.add(cache);
        DBOptions options = options(mode);
        owned.add(options);
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        for (String name : List.of("default", "log", "index", "heads")) {
            ColumnFamilyOptions family = family(name, cache, mode);
            owned.add(family);
            families.add(new ColumnFamilyDescriptor(ascii(name), family));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB database;
        try {
            database = mode == Mode.READ
                    ? RocksDB.openReadOnly(options, folder.toString(), families, handles)
                    : RocksDB.open(options, folder.toString(), families, handles);
        } catch (RocksDBException e) {
            closeAll(owned);
            throw e;
        }
        Store store = new Store(owned, database, handles, mode == Mode.DAMAGED);
        try {
            store.check(folder, owner, mode);
            return store;
        } catch (RocksDBException e) {
            if (mode == Mode.DAMAGED) {
                return store;
            }
            store.close();
            throw e;
        } catch (JournalException e) {
            store.close();
            throw e;
        }
    }

    private static void lookThroughLogs(Path folder, Mode mode) throws JournalException {
        try {
            if (mode != Mode.READ) {
                WriteAheadLogs.mend(folder);
            } else if (WriteAheadLogs.areDamaged(folder)) {
                throw new JournalException(
                        "The journal in " + folder
                                + " is damaged at its end. The service cuts that off when it starts.",
                        null);
            }
        } catch (IOException e) {
            throw new JournalException("The journal in " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    private static DBOptions options(Mode mode) {
        return new DBOptions()
                .setCreateIfMissing(mode == Mode.WRITE)
                .setCreateMissingColumnFamilies(mode == Mode.WRITE)
                .setAtomicFlush(true)
                .setParanoidChecks(mode != Mode.DAMAGED)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setMaxTotalWalSize(4 * WRITE_BUFFER)
                // Space that is taken in advance makes a small disk full before it is.
                .setAllowFAllocate(false)
                .setMaxOpenFiles(OPEN_FILES)
                .setMaxBackgroundJobs(2)
                .setBytesPerSync(1L << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1L << 20)
                .setKeepLogFileNum(2);
    }

    private static ColumnFamilyOptions family(String name, Cache cache, Mode mode) {
        BlockBasedTableConfig table =
                new BlockBasedTableConfig().setBlockCache(cache).setBlockSize(16L << 10);
        if (name.equals("heads")) {
            table.setFilterPolicy(new BloomFilter(10));
        }
        ColumnFamilyOptions options = new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER)
                .setMaxWriteBufferNumber(4)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setDisableAutoCompactions(mode == Mode.DAMAGED)
                .setTableFormatConfig(table);
        return name.equals("index")
                ? options.setCompactionStyle(CompactionStyle.UNIVERSAL).setLevel0FileNumCompactionTrigger(INDEX_FILES)
                : options;
    }

    private void check(Path folder, @Nullable String owner, Mode mode) throws RocksDBException, JournalException {
        byte[] stored = database.get(meta, FORMAT_KEY);
        String format = stored == null ? null : text(stored);
        if (format == null ? mode == Mode.READ : !isKnown(format)) {
            throw new JournalException(
                    "The journal in " + folder + " has format " + (format == null ? "none" : format)
                            + "; this version reads formats " + FORMAT_WITHOUT_NUMBERS + " and " + FORMAT
                            + ". Use the version that wrote it, or another directory (CAMPFIRE_JOURNAL).",
                    null);
        }
        if (mode == Mode.WRITE && !Integer.toString(FORMAT).equals(format)) {
            database.put(meta, FORMAT_KEY, ascii(Integer.toString(FORMAT)));
        }
        byte[] known = database.get(meta, OWNER_KEY);
        if (known == null && owner != null && mode == Mode.WRITE) {
            database.put(meta, OWNER_KEY, owner.getBytes(StandardCharsets.UTF_8));
        } else if (known != null && owner != null && !text(known).equals(owner)) {
            throw new JournalException(
                    "The journal in " + folder + " holds the events of database " + text(known) + ", not of " + owner
                            + ". Give each database a directory of its own (CAMPFIRE_JOURNAL).",
                    null);
        }
    }

    private static boolean isKnown(String format) {
        return format.equals(Integer.toString(FORMAT)) || format.equals(Integer.toString(FORMAT_WITHOUT_NUMBERS));
    }

    /** Whether a failure to open, read or write means that the files themselves are broken. */
    static boolean isDamage(RocksDBException failure) {
        Status status = failure.getStatus();
        boolean isCorrupt = status != null && status.getCode() == Status.Code.Corruption;
        String message = String.valueOf(failure.getMessage());
        return isCorrupt || message.contains("No such file") || message.contains("While pread");
    }

    /** Damage that was found otherwise. */
    static RocksDBException damage(String what) {
        return new RocksDBException(what, new Status(Status.Code.Corruption, Status.SubCode.None, null));
    }

    /** Whether it was opened though files are missing or broken: nothing is to be written to it. */
    boolean isDamaged() {
        return isDamaged;
    }

    /** Whether a failure means that the disk is full. */
    static boolean isFull(RocksDBException failure) {
        Status status = failure.getStatus();
        boolean isNamed = status != null && status.getSubCode() == Status.SubCode.NoSpace;
        return isNamed || String.valueOf(failure.getMessage()).contains("No space left");
    }

    /** Whether somebody else has the files open. */
    static boolean isLocked(RocksDBException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("LOCK") || message.contains("lock hold by");
    }

    RocksDB database() {
        return database;
    }

    ColumnFamilyHandle meta() {
        return meta;
    }

    ColumnFamilyHandle log() {
        return log;
    }

    ColumnFamilyHandle index() {
        return index;
    }

    ColumnFamilyHandle heads() {
        return heads;
    }

    List<ColumnFamilyHandle> families() {
        return List.of(meta, log, index, heads);
    }

    /** Whether a file holds a part of the log. */
    static boolean isOfLog(LiveFileMetaData file) {
        return Arrays.equals(file.columnFamilyName(), ascii("log"));
    }

    /** How many bytes the files of a journal have. */
    static long sizeOnDisk(Path folder) throws IOException {
        long size = 0;
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file) && !file.toString().endsWith(".so")) {
                    size += Files.size(file);
                }
            }
        }
        return size;
    }

    @Override
    public void close() {
        meta.close();
        log.close();
        index.close();
        heads.close();
        database.close();
        closeAll(owned);
    }

    private static void closeAll(List<AutoCloseable> owned) {
        for (AutoCloseable each : owned.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
