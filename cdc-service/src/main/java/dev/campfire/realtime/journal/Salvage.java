package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts files with what is whole of a journal in the place of damaged ones, on the thread of retention, while the others go
 * on with what there is. Any thread asks for it, as soon as it meets damage; it is done once at a time.
 */
final class Salvage {

    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);

    /** When it did not succeed it is not tried again before. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** So much of the disk is left to what is appended meanwhile. */
    private static final long LEAST_SPACE = 64L << 20;

    private final Path folder;
    private final String owner;
    private final StoreGuard guard;
    private final Log log;
    private final RocksReader reader;
    private final Retention retention;
    private final InstantSource clock;
    private final Consumer<RocksDBException> fail;
    private final AtomicBoolean isWanted = new AtomicBoolean();

    private volatile Instant notBefore = Instant.MIN;
    private volatile CompletableFuture<Boolean> end = CompletableFuture.completedFuture(true);
    private volatile @Nullable String told;

    /** @param fail told when nothing can be appended until the stream is read again */
    Salvage(
            Path folder,
            String owner,
            StoreGuard guard,
            Log log,
            RocksReader reader,
            Retention retention,
            InstantSource clock,
            Consumer<RocksDBException> fail) {
        this.folder = folder;
        this.owner = owner;
        this.guard = guard;
        this.log = log;
        this.reader = reader;
        this.retention = retention;
        this.clock = clock;
        this.fail = fail;
    }

    /** Asks for it. Does not block. */
    void request(Exception damage) {
        if (clock.instant().isBefore(notBefore) || !isWanted.compareAndSet(false, true)) {
            return;
        }
        end = new CompletableFuture<>();
        told = "damaged files were found, and what is whole is being carried into new ones";
        LOG.warn(
                "The journal in {} is damaged: {}. What is whole of it is carried into new files.",
                folder,
                damage.getMessage());
        retention.interpose(this::run);
    }

    /** Whether the files are going to be exchanged. */
    boolean isPending() {
        return isWanted.get();
    }

    /** What became of damage since the process began, for people; null when there was none. */
    @Nullable
    String told() {
        return told;
    }

    private void run() {
        try (Store fresh = Store.open(JournalFolder.fresh(folder), owner, Store.Mode.WRITE);
                Carrying carrying = new Carrying(fresh, this::hasRoom)) {
            salvage(fresh, carrying);
        } catch (RocksDBException | JournalException | DamagedException e) {
            notBefore = clock.instant().plus(RETRY);
            letFilesGo();
            JournalFolder.removeFresh(folder);
            if (Thread.currentThread().isInterrupted()) {
                LOG.info(
                        "The journal is closed before its damaged files were exchanged; it is begun again at the next start.");
            } else {
                LOG.error(
                        "The damaged files of the journal in {} could not be exchanged: {}. It is tried again.",
                        folder,
                        e.getMessage());
            }
        } finally {
            isWanted.set(false);
            end.complete(true);
        }
    }

    /** Waits for its end, but not for longer than this; whether it has come. */
    boolean awaitEnd(Duration patience) {
        return end.copy()
                .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void salvage(Store fresh, Carrying carrying) throws RocksDBException, JournalException {
        if (!carriesSmall(carrying)) {
            beginAnew();
            return;
        }
        guard.use(damaged -> {
            // Files are read one by one, also when they have been compacted meanwhile.
            damaged.database().disableFileDeletions();
            carrying.carry(damaged);
            return true;
        });
        if (carrying.hasLostEnd()) {
            fail.accept(Store.damage("its newest entries can't be read"));
        }
        guard.exchange(
                damaged -> {
                    carrying.finish(damaged, log.numberedThrough());
                    return true;
                },
                () -> {
                    fresh.close();
                    JournalFolder.exchange(folder);
                    Store store = Store.open(folder, owner, Store.Mode.WRITE);
                    // Readers that begin from now on are told before they find that it is gone.
                    log.loadLosses(store);
                    reader.forget();
                    return store;
                });
        tell(carrying);
    }

    private void letFilesGo() {
        try {
            guard.use(damaged -> {
                damaged.database().enableFileDeletions();
                return true;
            });
        } catch (RocksDBException e) {
            LOG.debug("Files are not deleted before the journal is opened again", e);
        }
    }

    private boolean carriesSmall(Carrying carrying) throws RocksDBException {
        try {
            guard.use(damaged -> {
                carrying.carrySmall(damaged);
                return true;
            });
            return true;
        } catch (DamagedException e) {
            return false;
        } catch (RocksDBException e) {
            if (Store.isDamage(e)) {
                return false;
            }
            throw e;
        }
    }

    private void beginAnew() throws RocksDBException, JournalException {
        fail.accept(Store.damage("what has to be known of it can't be read"));
        guard.reopen(() -> {
            JournalFolder.setAside(folder, "what has to be known of it can't be read");
            return Store.open(folder, owner, Store.Mode.WRITE);
        });
        told = "damaged files were set aside, and a new journal was begun";
    }

    private boolean hasRoom() {
        try {
            return Files.getFileStore(folder).getUsableSpace() > LEAST_SPACE;
        } catch (IOException e) {
            LOG.debug("Nobody knows how much room there is", e);
            return false;
        }
    }

    private void tell(Carrying carrying) {
        String cost;
        if (carrying.hasLostEnd()) {
            cost =
                    "everything in it is lost, and another stretch begins with what the slot still has; who resumes is told";
        } else if (carrying.hasLosses()) {
            cost = "what was committed through LSN "
                    + LogSequenceNumber.valueOf(carrying.floor().lsn()).asString()
                    + " is lost, what is newer is whole; who resumes from before is told";
        } else {
            cost = "no entries are lost";
        }
        if (carrying.hasLostNumbers()) {
            cost += "; numbers of channels may have begun anew, and who resumes from before is told";
        }
        told = "damaged files were replaced: " + cost;
        LOG.warn(
                "The damaged files of the journal in {} were replaced: {}. Look after the disk, or the memory, that damaged"
                        + " them.",
                folder,
                cost);
    }
}
