package dev.campfire.realtime.journal;

import dev.campfire.realtime.mapping.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The journal of a service that does not run, looked at and not changed. For one thread. */
public final class StoredJournal implements AutoCloseable {

    private static final int MOST_FINDINGS = 100;

    private final Path folder;
    private final Store store;
    private final Log log = new Log();
    private final Tables tables = new Tables();

    private StoredJournal(Path folder, Store store) throws RocksDBException {
        this.folder = folder;
        this.store = store;
        log.load(store);
        tables.load(store);
    }

    /** @throws JournalException when there is none, or it can't be read */
    public static StoredJournal open(Path folder) throws JournalException {
        if (!Files.isRegularFile(folder.resolve("CURRENT"))) {
            throw new JournalException("There is no journal in " + folder + ".", null);
        }
        try {
            return new StoredJournal(folder, Store.open(folder, null, Store.Mode.READ));
        } catch (RocksDBException | DamagedException e) {
            throw new JournalException("The journal in " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * The events of a channel that are there.
     *
     * @param first the number of the first
     * @param last the number of the last
     */
    public record ChannelRange(String channel, boolean isPrivate, long first, long last, long events) {}

    /**
     * What is there.
     *
     * @param oldest when the oldest block was appended; null when there is none
     * @param newest when the newest was
     * @param bytes before compression
     * @param bytesOnDisk of all files
     * @param channels in the order in which they appear
     * @param findings what is wrong, at most a hundred
     */
    public record Survey(
            List<Era> eras,
            @Nullable Instant oldest,
            @Nullable Instant newest,
            long blocks,
            long changes,
            long events,
            long bytes,
            long bytesOnDisk,
            List<ChannelRange> channels,
            List<String> findings) {}

    /**
     * Goes through everything: checks each block's checksum, reads each entry, and looks whether the numbers of each channel
     * follow one another and the index leads to what is there.
     *
     * @param progress told now and then how many bytes have been looked at
     */
    public Survey survey(LongConsumer progress) throws IOException {
        Surveying surveying = new Surveying();
        try (RocksIterator at = store.database().newIterator(store.log())) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                surveying.look(LogPosition.parse(at.key(), 0), at.value());
                progress.accept(surveying.bytes);
            }
            at.status();
            return surveying.survey(Store.sizeOnDisk(folder));
        } catch (RocksDBException e) {
            throw new IOException("the journal can't be read: " + e.getMessage(), e);
        }
    }

    private final class Surveying {
        private final Map<IndexKey, ChannelRange> channels = new HashMap<>();
        private final List<IndexKey> order = new ArrayList<>();
        private final List<String> findings = new ArrayList<>();
        private @Nullable Instant oldest;
        private @Nullable Instant newest;
        private long blocks;
        private long changes;
        private long events;
        private long bytes;

        void look(LogPosition first, byte[] block) throws RocksDBException {
            blocks++;
            bytes += block.length;
            if (!Block.isWhole(block)) {
                find("the block at " + name(first) + " is damaged: its checksum is another");
                return;
            }
            try {
                Block.Header header = Block.header(block);
                newest = Instant.ofEpochMilli(header.appendedAt());
                oldest = oldest == null ? newest : oldest;
                int count = 0;
                for (int offset = Block.first(); offset >= 0; offset = Block.next(block, offset)) {
                    lookAtEntry(first, EntryCodec.readNames(Block.record(block, offset), tables::relation));
                    count++;
                }
                if (count != header.count()) {
                    find("the block at " + name(first) + " has " + count + " changes instead of " + header.count());
                }
            } catch (DamagedException e) {
                find("the block at " + name(first) + " can't be read: " + e.getMessage());
            }
        }

        private void lookAtEntry(LogPosition block, JournalEntry entry) throws RocksDBException {
            changes++;
            for (Event event : entry.events()) {
                events++;
                IndexKey key = IndexKey.channel(event.channel(), event.isPrivate());
                if (store.database().get(store.index(), key.at(block)) == null) {
                    find("the index does not lead from " + event.channel() + " to the block at " + name(block));
                }
                ChannelRange before = channels.get(key);
                if (before == null) {
                    order.add(key);
                } else if (event.sequence() != before.last() + 1) {
                    find("number " + event.sequence() + " follows number " + before.last() + " on " + event.channel());
                }
                channels.put(
                        key,
                        new ChannelRange(
                                event.channel(),
                                event.isPrivate(),
                                before == null ? event.sequence() : before.first(),
                                event.sequence(),
                                before == null ? 1 : before.events() + 1));
            }
        }

        private String name(LogPosition at) {
            return "era " + at.era() + ", LSN " + Long.toHexString(at.lsn());
        }

        private void find(String finding) {
            if (findings.size() < MOST_FINDINGS) {
                findings.add(finding);
            }
        }

        Survey survey(long bytesOnDisk) {
            return new Survey(
                    List.copyOf(log.eras()),
                    oldest,
                    newest,
                    blocks,
                    changes,
                    events,
                    bytes,
                    bytesOnDisk,
                    order.stream().map(channels::get).toList(),
                    List.copyOf(findings));
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
