package dev.campfire.realtime.journal;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Lets many use a store, and nobody while it is closed or exchanged. Safe for use by several threads. */
final class StoreGuard implements AutoCloseable {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Consumer<Exception> onDamage;
    private @Nullable Store store;

    /**
     * @param store null when there is none until it is opened
     * @param onDamage told when somebody has met damage in it; must not block
     */
    StoreGuard(@Nullable Store store, Consumer<Exception> onDamage) {
        this.store = store;
        this.onDamage = onDamage;
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
        } catch (RocksDBException e) {
            if (Store.isDamage(e)) {
                onDamage.accept(e);
            }
            throw e;
        } catch (DamagedException e) {
            onDamage.accept(e);
            throw e;
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

    /**
     * The same with something that is done before, while nobody else uses the store; when that fails it stays.
     *
     * @throws RocksDBException also when there is no open store now
     */
    void exchange(Use<?> farewell, Opening opening) throws RocksDBException, JournalException {
        lock.writeLock().lock();
        try {
            use(farewell);
            reopen(opening);
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
