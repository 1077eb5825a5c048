package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the journal's files, and how they become well again: they can't be written, are opened anew as soon as
 * that is possible, and then wait until the stream is read again from where they end. Any thread may ask; the one that
 * syncs mends.
 */
final class Repair {

    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private static final String AWAITS_REFILL = "the journal is being refilled from the slot";

    private final Path folder;
    private final String owner;
    private final StoreGuard guard;
    private final Log log;
    private final Tables tables;
    private final RocksReader reader;
    private final Salvage salvage;

    private volatile @Nullable String problem;

    Repair(Path folder, String owner, StoreGuard guard, Log log, Tables tables, RocksReader reader, Salvage salvage) {
        this.folder = folder;
        this.owner = owner;
        this.guard = guard;
        this.log = log;
        this.tables = tables;
        this.reader = reader;
        this.salvage = salvage;
    }

    /** What is wrong, for people; null when nothing is. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Whether what comes is kept. */
    boolean isWell() {
        return problem == null;
    }

    /** Whether the files can't be written. */
    boolean isFailing() {
        String current = problem;
        return current != null && !AWAITS_REFILL.equals(current);
    }

    /** Whether the files can be written again, and nothing is until the stream begins again where they end. */
    boolean awaitsRefill() {
        return AWAITS_REFILL.equals(problem);
    }

    /** The files can't be written. */
    void begin(RocksDBException e) {
        if (problem == null) {
            LOG.error(
                    "The journal in {} can't be written: {}. Live delivery goes on, Postgres keeps the changes, and both are"
                            + " joined again when the disk is well.",
                    folder,
                    e.getMessage());
        }
        problem = "the journal can't be written (" + e.getMessage() + "): "
                + (Store.isDamage(e) ? "look after the disk of " : "free space in ") + folder;
    }

    /** @throws RocksDBException when somebody has removed the files, which whoever has them open would not notice */
    void lookForFiles() throws RocksDBException {
        if (!Files.exists(folder.resolve(Store.CURRENT))) {
            throw new RocksDBException("its files are gone");
        }
    }

    /** Tries to open the files anew, to write to them, and to read where they end; false when that is not possible yet. */
    boolean mend() {
        if (salvage.isPending()) {
            return false;
        }
        try {
            JournalFolder.make(folder);
            if (Files.getFileStore(folder).getUsableSpace() < Syncing.LEAST_SPACE) {
                return false;
            }
            guard.reopen(() -> JournalFolder.open(folder, owner));
            return guard.use(store -> {
                if (store.isDamaged()) {
                    salvage.request(Store.damage("some of its files are missing or broken"));
                    return false;
                }
                store.database().flushWal(true);
                log.load(store);
                reader.forget();
                // Numbers of tables are the appending thread's; it reads none while there is a problem.
                tables.load(store);
                return true;
            });
        } catch (RocksDBException | JournalException | IOException e) {
            LOG.debug("The journal is still out of order", e);
            return false;
        }
    }

    /** The files are mended; what they have not comes again. */
    void awaitRefill() {
        problem = AWAITS_REFILL;
        LOG.info("The journal in {} can be written again.", folder);
    }

    /** What comes is kept from now on. */
    void done() {
        problem = null;
    }
}
