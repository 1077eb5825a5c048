package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of a journal: made, opened, and set aside when what is in it is of no use. */
final class JournalFolder {

    private static final Logger LOG = LoggerFactory.getLogger(RocksJournal.class);

    /** It holds rows: nobody else is to read them. */
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String FRESH = ".salvaged";
    private static final String FORMER = ".former";

    private JournalFolder() {}

    /** Makes it where it is missing. */
    static void make(Path folder) throws JournalException {
        try {
            Files.createDirectories(folder, OWNER_ONLY);
        } catch (IOException e) {
            throw new JournalException(
                    "The journal's directory " + folder + " can't be made: " + e.getMessage()
                            + ". Set CAMPFIRE_JOURNAL to a directory that this service may write to, or to none.",
                    e);
        }
    }

    /** Opens its store when the process begins; null when the disk is full. */
    static @Nullable Store openFirst(Path folder, String owner) throws RocksDBException, JournalException {
        finishExchange(folder);
        try {
            return open(folder, owner);
        } catch (RocksDBException e) {
            if (Store.isFull(e)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Opens its store, damaged when something in it is; see {@link Store#isDamaged}. Files that can't be opened at all are set
     * aside, so that the service goes on with what the slot still has.
     */
    static Store open(Path folder, String owner) throws RocksDBException, JournalException {
        try {
            Store store = Store.open(folder, owner, Store.Mode.WRITE);
            if (isReadable(store)) {
                return store;
            }
            store.close();
        } catch (RocksDBException e) {
            if (!Store.isDamage(e)) {
                throw e;
            }
        }
        try {
            return Store.open(folder, owner, Store.Mode.DAMAGED);
        } catch (RocksDBException e) {
            if (!Store.isDamage(e)) {
                throw e;
            }
            setAside(folder, String.valueOf(e.getMessage()));
            return Store.open(folder, owner, Store.Mode.WRITE);
        }
    }

    /** Whether what has to be known of it can be read. */
    private static boolean isReadable(Store store) throws RocksDBException {
        try {
            new Log().load(store);
            new Tables().load(store);
            return true;
        } catch (DamagedException e) {
            return false;
        } catch (RocksDBException e) {
            store.close();
            throw e;
        }
    }

    /** Files of which nothing is of use are kept for whoever wants to look at them, and the directory is empty then. */
    static void setAside(Path folder, String why) throws JournalException {
        String when = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        Path aside = folder.resolveSibling(folder.getFileName() + ".damaged-" + when);
        for (int i = 2; Files.exists(aside); i++) {
            aside = folder.resolveSibling(folder.getFileName() + ".damaged-" + when + "-" + i);
        }
        try {
            Files.move(folder, aside);
        } catch (IOException e) {
            throw new JournalException(
                    "The journal in " + folder + " is damaged (" + why + "), and can't be set aside: " + e.getMessage(),
                    e);
        }
        make(folder);
        LOG.error(
                "The journal in {} is damaged ({}); it is kept as {}, and a new one begins with what the slot still has.",
                folder,
                why,
                aside);
    }

    /** An empty directory for files that are going to take the place of those that are there. */
    static Path fresh(Path folder) throws JournalException {
        Path fresh = beside(folder, FRESH);
        remove(fresh);
        make(fresh);
        try {
            if (!Files.getFileStore(fresh).equals(Files.getFileStore(folder))) {
                throw new JournalException(
                        folder
                                + " is a file system of its own, which can't be exchanged. Set CAMPFIRE_JOURNAL to a directory"
                                + " within it.",
                        null);
            }
        } catch (IOException e) {
            throw new JournalException(
                    "The journal's directory " + folder + " can't be looked at: " + e.getMessage(), e);
        }
        return fresh;
    }

    /** They are not going to take it. */
    static void removeFresh(Path folder) {
        try {
            remove(beside(folder, FRESH));
        } catch (JournalException e) {
            LOG.debug("It is removed the next time", e);
        }
    }

    /** Puts the fresh directory in the place of the other one, which is removed. When that is not possible, the other stays. */
    static void exchange(Path folder) throws JournalException {
        Path fresh = beside(folder, FRESH);
        Path former = beside(folder, FORMER);
        remove(former);
        try {
            Path mark = folder.resolve(SyncMark.NAME);
            if (Files.exists(mark)) {
                // Whoever has it open goes on with it.
                Files.move(mark, fresh.resolve(SyncMark.NAME));
            }
            if (Files.exists(folder)) {
                Files.move(folder, former);
            }
            try {
                replace(fresh, folder);
            } catch (IOException e) {
                if (Files.exists(former)) {
                    replace(former, folder);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException(
                    "The journal's directory " + folder + " can't be exchanged: " + e.getMessage(), e);
        }
        remove(former);
    }

    /** Also over an empty directory, which whoever tries to start meanwhile may have made. */
    private static void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Does what a process that ended meanwhile has left undone; none of that is touched while one is at it. */
    private static void finishExchange(Path folder) throws JournalException {
        Path fresh = beside(folder, FRESH);
        Path former = beside(folder, FORMER);
        if (!Files.exists(fresh) && !Files.exists(former)) {
            return;
        }
        if (isInUse(fresh) || isInUse(folder)) {
            throw inUse(folder, null);
        }
        if (Files.exists(former) && !StoredJournal.isIn(folder)) {
            try {
                replace(Files.exists(fresh) ? fresh : former, folder);
            } catch (IOException e) {
                throw new JournalException(
                        "The journal's directory " + folder + " can't be made: " + e.getMessage(), e);
            }
        }
        remove(former);
        remove(fresh);
    }

    /** Whether somebody has a store in it open, or is about to open one again. */
    private static boolean isInUse(Path folder) {
        return SyncMark.isHeld(folder.resolve("LOCK")) || SyncMark.isHeld(folder.resolve(SyncMark.NAME));
    }

    private static Path beside(Path folder, String what) {
        return folder.resolveSibling(folder.getFileName() + what);
    }

    private static void remove(Path folder) throws JournalException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new JournalException(folder + " can't be removed: " + e.getMessage(), e);
        }
    }

    static JournalException explain(Path folder, RocksDBException e) {
        if (Store.isLocked(e)) {
            return inUse(folder, e);
        }
        return new JournalException(
                "The journal in " + folder + " can't be opened: " + e.getMessage()
                        + ". Set CAMPFIRE_JOURNAL to a directory that this service may write to, or to none.",
                e);
    }

    private static JournalException inUse(Path folder, @Nullable Exception cause) {
        return new JournalException(
                "The journal in " + folder + " is in use by another process. Stop that one, or give this service a"
                        + " directory of its own (CAMPFIRE_JOURNAL).",
                cause);
    }
}
