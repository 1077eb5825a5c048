package dev.campfire.realtime.journal;

import dev.campfire.realtime.journal.Survey.ChannelRange;
import dev.campfire.realtime.mapping.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Looks at the blocks of a journal one after the other. For one thread. */
final class Surveying {

    private static final int MOST_FINDINGS = 100;

    /** For so many channels the numbers are followed; a journal may have millions, and memory has an end. */
    private static final int MOST_CHANNELS = 200_000;

    private final Tables tables;
    private final Map<IndexKey, ChannelRange> channels = new HashMap<>();
    private final List<IndexKey> order = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private @Nullable Instant oldest;
    private @Nullable Instant newest;
    private long blocks;
    private long changes;
    private long events;
    private long uncounted;
    private long bytes;

    Surveying(Tables tables) {
        this.tables = tables;
    }

    long bytes() {
        return bytes;
    }

    void look(Store store, LogPosition first, byte[] block) throws RocksDBException {
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
                lookAtEntry(store, first, EntryCodec.readNames(Block.record(block, offset), tables::relation));
                count++;
            }
            if (count != header.count()) {
                find("the block at " + name(first) + " has " + count + " changes instead of " + header.count());
            }
        } catch (DamagedException e) {
            find("the block at " + name(first) + " can't be read: " + e.getMessage());
        }
    }

    private void lookAtEntry(Store store, LogPosition block, JournalEntry entry) throws RocksDBException {
        changes++;
        for (Event event : entry.events()) {
            events++;
            IndexKey key = IndexKey.channel(event.channel(), event.isPrivate());
            // In a service that runs, retention may have removed both since the block was read.
            if (store.database().get(store.index(), key.at(block)) == null
                    && store.database().get(store.log(), block.key()) != null) {
                find("the index does not lead from " + event.channel() + " to the block at " + name(block));
            }
            count(key, event);
        }
    }

    private void count(IndexKey key, Event event) {
        ChannelRange before = channels.get(key);
        if (before == null) {
            if (channels.size() >= MOST_CHANNELS) {
                uncounted++;
                return;
            }
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

    private static String name(LogPosition at) {
        return "era " + at.era() + ", LSN " + Long.toHexString(at.lsn());
    }

    private void find(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    Survey survey(List<Era> eras, long bytesOnDisk) {
        return new Survey(
                eras,
                oldest,
                newest,
                blocks,
                changes,
                events,
                bytes,
                bytesOnDisk,
                uncounted,
                order.stream().map(channels::get).toList(),
                findings);
    }
}
