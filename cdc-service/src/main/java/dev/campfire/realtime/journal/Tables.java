package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Relation;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The tables of all entries, each version once under a number. Numbers are given by the one thread that appends; any
 * thread looks them up.
 */
final class Tables {

    private static final byte PREFIX = 'r';

    // Touched by the thread that appends.
    private final Map<Relation, Integer> numbers = new HashMap<>();
    private final Map<Relation, Integer> lately = new IdentityHashMap<>();
    private final Map<Integer, Relation> unwritten = new HashMap<>();

    private final Map<Integer, Relation> relations = new ConcurrentHashMap<>();

    /** Forgets everything, and reads what is in the store. */
    void load(Store store) throws RocksDBException {
        numbers.clear();
        lately.clear();
        unwritten.clear();
        relations.clear();
        try (RocksIterator at = store.database().newIterator(store.meta())) {
            for (at.seek(new byte[] {PREFIX}); at.isValid() && isTable(at.key()); at.next()) {
                int number = new ByteReader(at.key(), 1, at.key().length).readInt();
                Relation relation = RelationCodec.decode(at.value());
                numbers.put(relation, number);
                relations.put(number, relation);
            }
            at.status();
        }
    }

    private static boolean isTable(byte[] key) {
        return key.length == 1 + Integer.BYTES && key[0] == PREFIX;
    }

    /** The table's number, a new one when it has none; {@link #writeTo} has to follow before anybody reads it. */
    int numberOf(Relation relation) {
        Integer known = lately.get(relation);
        if (known != null) {
            return known;
        }
        int number = numbers.computeIfAbsent(relation, any -> numbers.size() + 1);
        if (relations.putIfAbsent(number, relation) == null) {
            unwritten.put(number, relation);
        }
        if (lately.size() > 1000) {
            lately.clear();
        }
        lately.put(relation, number);
        return number;
    }

    /** Adds what is new to a batch. */
    void writeTo(WriteBatch batch, Store store) throws RocksDBException {
        for (Map.Entry<Integer, Relation> each : unwritten.entrySet()) {
            ByteWriter key = new ByteWriter(1 + Integer.BYTES);
            key.writeByte(PREFIX);
            key.writeInt(each.getKey());
            batch.put(store.meta(), key.toByteArray(), RelationCodec.encode(each.getValue()));
        }
    }

    /** The batch has been written. */
    void written() {
        if (!unwritten.isEmpty()) {
            unwritten.clear();
        }
    }

    Relation relation(int number) {
        Relation relation = relations.get(number);
        if (relation == null) {
            throw new DamagedException("a table that is not known");
        }
        return relation;
    }
}
