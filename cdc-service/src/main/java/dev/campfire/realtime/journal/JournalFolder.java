package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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

    /**
     * Files that are broken in the middle are set aside, so that the service goes on with what the slot still has. Null when
     * the disk is full.
     */
    static @Nullable Store open(Path folder, String owner) throws RocksDBException, JournalException, IOException {
        try {
            return Store.open(folder, owner, Store.Mode.WRITE);
        } catch (RocksDBException e) {
            if (Store.isFull(e)) {
                return null;
            }
            if (!Store.isDamage(e)) {
                throw e;
            }
            String when = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
                    .withZone(ZoneOffset.UTC)
                    .format(Instant.now());
            Path aside = folder.resolveSibling(folder.getFileName() + ".damaged-" + when);
            Files.move(folder, aside);
            make(folder);
            LOG.error(
                    "The journal in {} is damaged ({}); it is kept as {}, and a new one begins with what the slot still has.",
                    folder,
                    e.getMessage(),
                    aside);
            return Store.open(folder, owner, Store.Mode.WRITE);
        }
    }

    static JournalException explain(Path folder, RocksDBException e) {
        if (Store.isLocked(e)) {
            return new JournalException(
                    "The journal in " + folder + " is in use by another process. Stop that one, or give this service a"
                            + " directory of its own (CAMPFIRE_JOURNAL).",
                    e);
        }
        return new JournalException(
                "The journal in " + folder + " can't be opened: " + e.getMessage()
                        + ". Set CAMPFIRE_JOURNAL to a directory that this service may write to, or to none.",
                e);
    }
}
