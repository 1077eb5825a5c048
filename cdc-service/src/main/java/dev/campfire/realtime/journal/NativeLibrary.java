package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads RocksDB's native library: from {@code java.library.path} where it lies there. Otherwise RocksDB unpacks 15 MB; left to
 * itself into a new temporary file at every start, which a process that is killed leaves behind. So it is told to use one
 * place beside the journal.
 */
final class NativeLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private NativeLibrary() {}

    /** @param folder where it may be unpacked to */
    static void load(Path folder) {
        try {
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
        } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
            LOG.debug("RocksDB's library could not be unpacked to {}", folder, e);
        }
        RocksDB.loadLibrary();
    }
}
