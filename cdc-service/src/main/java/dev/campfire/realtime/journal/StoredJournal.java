package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.rocksdb.RocksDBException;

/** The journal of a service that does not run, looked at and not changed. */
public final class StoredJournal implements AutoCloseable {

    private final StoreGuard guard;
    private final Archive archive;

    private StoredJournal(Path folder, Store store) throws RocksDBException {
        Log log = new Log();
        Tables tables = new Tables();
        log.load(store);
        tables.load(store);
        this.guard = new StoreGuard(store, damage -> {});
        this.archive = new RocksArchive(folder, guard, log, tables);
    }

    /** @throws JournalException when there is none, or it can't be read */
    public static StoredJournal open(Path folder) throws JournalException {
        if (!isIn(folder)) {
            throw new JournalException("There is no journal in " + folder + ".", null);
        }
        try {
            Store store = Store.open(folder, null, Store.Mode.READ);
            try {
                return new StoredJournal(folder, store);
            } catch (RocksDBException | DamagedException e) {
                store.close();
                throw e;
            }
        } catch (RocksDBException | DamagedException e) {
            throw new JournalException("The journal in " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Whether there is a journal in a directory. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve("CURRENT"));
    }

    /** Whether a service has the journal in a directory open just now, and writes to it. */
    public static boolean isInUse(Path folder) throws IOException {
        Path file = folder.resolve("LOCK");
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** All that it holds. */
    public Archive archive() {
        return archive;
    }

    @Override
    public void close() {
        guard.close();
    }
}
