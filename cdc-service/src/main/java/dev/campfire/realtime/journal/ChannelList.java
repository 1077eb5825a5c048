package dev.campfire.realtime.journal;

import dev.campfire.realtime.journal.Archive.ChannelNumbers;
import dev.campfire.realtime.journal.Archive.ChannelPage;
import dev.campfire.realtime.mapping.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The channels of a journal with the numbers of their events, page by page. Safe for use by several threads. */
final class ChannelList {

    private static final int MOST_LOOKED_AT = 20_000;

    private static final String PRIVATE = "private:";
    private static final String PUBLIC = "public:";

    private final Tables tables;

    ChannelList(Tables tables) {
        this.tables = tables;
    }

    ChannelPage page(Store store, Predicate<String> wanted, @Nullable String after, int most) throws RocksDBException {
        List<ChannelNumbers> found = new ArrayList<>();
        byte[] behind = after == null ? new byte[0] : key(after).prefix();
        int lookedAt = 0;
        String last = null;
        try (RocksIterator at = store.database().newIterator(store.heads())) {
            for (at.seek(behind); at.isValid(); at.next()) {
                byte[] name = at.key();
                if (Arrays.equals(name, behind)) {
                    continue;
                }
                if (found.size() >= most || lookedAt >= MOST_LOOKED_AT) {
                    return new ChannelPage(found, last);
                }
                lookedAt++;
                boolean isPrivate = name[0] == IndexKey.channel("", true).prefix()[0];
                String channel = new String(name, 1, name.length - 2, StandardCharsets.UTF_8);
                last = (isPrivate ? PRIVATE : PUBLIC) + channel;
                if (wanted.test(channel)) {
                    IndexKey key = IndexKey.channel(channel, isPrivate);
                    long first = first(store, key);
                    found.add(new ChannelNumbers(channel, isPrivate, first, Heads.stored(store, key)));
                }
            }
            at.status();
            return new ChannelPage(found, null);
        }
    }

    private static IndexKey key(String text) {
        return text.startsWith(PUBLIC)
                ? IndexKey.channel(text.substring(PUBLIC.length()), false)
                : IndexKey.channel(text.startsWith(PRIVATE) ? text.substring(PRIVATE.length()) : text, true);
    }

    /** The number of the first event that is kept; 0 when there is none. */
    private long first(Store store, IndexKey channel) throws RocksDBException {
        byte[] prefix = channel.prefix();
        try (RocksIterator at = store.database().newIterator(store.index())) {
            at.seek(channel.at(LogPosition.FIRST));
            LogPosition block = at.isValid() ? IndexScan.block(at.key(), prefix) : null;
            at.status();
            byte[] bytes = block == null ? null : store.database().get(store.log(), block.key());
            if (bytes == null) {
                return 0;
            }
            int offset = (int) IndexValue.places(at.value()).readVar();
            for (Event event : EntryCodec.readNames(Block.record(bytes, offset), tables::relation)
                    .events()) {
                if (IndexKey.channel(event.channel(), event.isPrivate()).equals(channel)) {
                    return event.sequence();
                }
            }
            return 0;
        }
    }
}
