package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, beside the store, up to where it has been made durable: a store that ends before has lost its tail, and that is
 * said. Whoever syncs is the only one who sets it. It is locked for as long as it is open, also while the store is exchanged and
 * its own lock is nobody's; whether a store may be opened, that one decides.
 */
final class SyncMark implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SyncMark.class);
    static final String NAME = "campfire-synced";

    private final FileChannel file;
    private final Path folder;
    private @Nullable LogPosition written;

    private SyncMark(Path folder, FileChannel file) {
        this.folder = folder;
        this.file = file;
    }

    static SyncMark in(Path folder) throws IOException {
        FileChannel file = FileChannel.open(
                folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!canBeLocked(file)) {
            LOG.debug("{} is locked by somebody else, or can't be", folder.resolve(NAME));
        }
        return new SyncMark(folder, file);
    }

    /** Whether somebody has locked a file: a mark, or a store's own lock. */
    static boolean isHeld(Path file) {
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return !canBeLocked(channel);
        } catch (IOException e) {
            LOG.debug("It can't be said whether {} is locked", file, e);
            return false;
        }
    }

    /** Locks a file until it is closed; also true on file systems that have no locks. */
    private static boolean canBeLocked(FileChannel file) {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("There are no locks", e);
            return true;
        }
    }

    /** Says so when the journal ends before what had been made durable. */
    void complainAbout(@Nullable LogPosition last) throws IOException {
        LogPosition synced = read();
        if (synced != null && (last == null || last.compareTo(synced) < 0)) {
            LOG.warn(
                    "The journal in {} had a damaged tail and was cut at its last whole batch; what was cut comes again from"
                            + " the slot as far as that still has it.",
                    folder);
        }
    }

    private @Nullable LogPosition read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LogPosition.LENGTH + Integer.BYTES);
        if (file.read(buffer, 0) < buffer.capacity()) {
            return null;
        }
        byte[] bytes = buffer.array();
        boolean isWhole = buffer.getInt(LogPosition.LENGTH) == checksum(bytes);
        return isWhole ? LogPosition.parse(bytes, 0) : null;
    }

    void set(@Nullable LogPosition synced) {
        if (synced == null || synced.equals(written)) {
            return;
        }
        byte[] bytes = new byte[LogPosition.LENGTH + Integer.BYTES];
        System.arraycopy(synced.key(), 0, bytes, 0, LogPosition.LENGTH);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.putInt(LogPosition.LENGTH, checksum(bytes));
        try {
            file.write(buffer, 0);
            written = synced;
        } catch (IOException e) {
            // It only helps to tell of damage: a journal without it is as good.
            LOG.debug("The mark could not be written", e);
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, LogPosition.LENGTH);
        return (int) checksum.getValue();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("The mark could not be closed", e);
        }
    }
}
