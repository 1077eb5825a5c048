package dev.campfire.realtime.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.rocksdb.FlushOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDBException;

/** The table files of a journal that nobody has open, to be damaged. */
final class DamagedFiles {

    private DamagedFiles() {}

    /** What happens to a file. */
    enum Harm {
        OVERWRITTEN,
        CUT,
        REMOVED
    }

    /** A table file. */
    record TableFile(Path path) {

        void suffer(Harm harm) throws IOException {
            switch (harm) {
                case OVERWRITTEN -> overwrite(Files.size(path) / 2);
                case CUT -> cut(Files.size(path) / 2);
                case REMOVED -> Files.delete(path);
            }
        }

        void overwrite(long at) throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.seek(at);
                byte[] bytes = new byte[(int) Math.min(16, file.length() - at)];
                file.readFully(bytes);
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] ^= 0x55;
                }
                file.seek(at);
                file.write(bytes);
            }
        }

        void cut(long length) throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(length);
            }
        }
    }

    /** Puts what is in the write-ahead log into table files of their own. */
    static void flush(Path folder) throws RocksDBException, JournalException {
        try (Store store = Store.open(folder, null, Store.Mode.WRITE)) {
            flush(store);
        }
    }

    /** The same with a store that is open. */
    static void flush(Store store) throws RocksDBException {
        try (FlushOptions waiting = new FlushOptions()) {
            store.database().flush(waiting, store.families());
        }
    }

    /** Those of a column family, in the order of their first keys. */
    static List<TableFile> of(Path folder, String family) throws RocksDBException, JournalException {
        byte[] name = family.getBytes(StandardCharsets.US_ASCII);
        try (Store store = Store.open(folder, null, Store.Mode.READ)) {
            return store.database().getLiveFilesMetaData().stream()
                    .filter(file -> Arrays.equals(file.columnFamilyName(), name))
                    .sorted(Comparator.comparing(LiveFileMetaData::smallestKey, Arrays::compareUnsigned))
                    .map(file -> new TableFile(Path.of(file.path(), file.fileName())))
                    .toList();
        }
    }
}
