package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads RocksDB's native library: from {@code java.library.path} where it lies there. Otherwise RocksDB unpacks 15 MB; left to
 * itself into a new temporary file at every start, which a process that is killed leaves behind. So it is told to use one
 * place beside the journal. One process at a time does: who loads what another one is still writing crashes.
 */
final class NativeLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private static final String LOCK = "campfire-native.lock";

    private NativeLibrary() {}

    /** @param folder where it may be unpacked to */
    static synchronized void load(Path folder) {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock turn = channel.lock()) {
            LOG.trace("It is this process's turn: {}", turn);
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
        } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
            LOG.debug("RocksDB's library could not be unpacked to {}", folder, e);
        }
        RocksDB.loadLibrary();
    }
}
