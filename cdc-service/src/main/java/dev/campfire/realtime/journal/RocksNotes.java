package dev.campfire.realtime.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Notes in the journal on disk. */
final class RocksNotes implements Notes {

    private static final byte PREFIX = 'n';

    private final StoreGuard guard;

    RocksNotes(StoreGuard guard) {
        this.guard = guard;
    }

    /** Adds notes to a batch. */
    static void writeTo(WriteBatch batch, Store store, List<Note> notes) throws RocksDBException {
        for (Note note : notes) {
            batch.put(store.meta(), key(note.name()), note.value());
        }
    }

    private static byte[] key(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[text.length + 1];
        key[0] = PREFIX;
        System.arraycopy(text, 0, key, 1, text.length);
        return key;
    }

    private <T extends @Nullable Object> T use(StoreGuard.Use<T> use) throws IOException {
        try {
            return guard.use(use);
        } catch (RocksDBException e) {
            throw new IOException("the journal can't be used: " + e.getMessage(), e);
        }
    }

    @Override
    public byte @Nullable [] read(String name) throws IOException {
        return use(store -> store.database().get(store.meta(), key(name)));
    }

    @Override
    public SortedMap<String, byte[]> all(String prefix) throws IOException {
        byte[] begin = key(prefix);
        return use(store -> {
            SortedMap<String, byte[]> found = new TreeMap<>();
            try (RocksIterator at = store.database().newIterator(store.meta())) {
                for (at.seek(begin); at.isValid() && startsWith(at.key(), begin); at.next()) {
                    byte[] key = at.key();
                    found.put(new String(key, 1, key.length - 1, StandardCharsets.UTF_8), at.value());
                }
                at.status();
            }
            return found;
        });
    }

    private static boolean startsWith(byte[] key, byte[] begin) {
        return key.length >= begin.length && Arrays.equals(key, 0, begin.length, begin, 0, begin.length);
    }

    @Override
    public void write(List<Note> notes) throws IOException {
        use(store -> {
            try (WriteBatch batch = new WriteBatch();
                    WriteOptions durable = new WriteOptions().setSync(true)) {
                writeTo(batch, store, notes);
                store.database().write(durable, batch);
                return true;
            }
        });
    }

    @Override
    public void forget(String prefix) throws IOException {
        byte[] begin = key(prefix);
        byte[] end = begin.clone();
        // Names are UTF-8, in which no byte is 255, so there is always a next one.
        end[end.length - 1]++;
        use(store -> {
            store.database().deleteRange(store.meta(), begin, end);
            return true;
        });
    }
}
