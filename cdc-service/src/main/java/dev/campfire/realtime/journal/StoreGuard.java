package dev.campfire.realtime.journal;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Lets many use a store, and nobody while it is closed or exchanged. Safe for use by several threads. */
final class StoreGuard implements AutoCloseable {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private @Nullable Store store;

    /** @param store null when there is none until it is opened */
    StoreGuard(@Nullable Store store) {
        this.store = store;
    }

    /** Something that is done with a store. */
    interface Use<T extends @Nullable Object> {
        T with(Store store) throws RocksDBException;
    }

    /** Opens another store. */
    interface Opening {
        Store open() throws RocksDBException, JournalException;
    }

    /** @throws RocksDBException when it fails, and when there is no open store now */
    <T extends @Nullable Object> T use(Use<T> use) throws RocksDBException {
        lock.readLock().lock();
        try {
            Store current = store;
            if (current == null) {
                throw new RocksDBException("the journal is not open");
            }
            return use.with(current);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Closes the store and opens it again; when that fails there is none until it succeeds. */
    void reopen(Opening opening) throws RocksDBException, JournalException {
        lock.writeLock().lock();
        try {
            closeStore();
            store = opening.open();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void closeStore() {
        Store current = store;
        store = null;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closeStore();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
