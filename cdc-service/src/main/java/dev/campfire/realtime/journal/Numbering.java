package dev.campfire.realtime.journal;

import dev.campfire.realtime.mapping.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;

/** Gives events the next numbers of their channels. For the thread that appends. */
final class Numbering {

    private final Heads heads;
    private final Consumer<RocksDBException> fail;

    /** @param fail told when a number can't be told: then nothing is to be kept, and it is 0 */
    Numbering(Heads heads, Consumer<RocksDBException> fail) {
        this.heads = heads;
        this.fail = fail;
    }

    /** The entries, whose events have numbers. */
    List<JournalEntry> number(List<JournalEntry> entries) {
        List<JournalEntry> numbered = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            numbered.add(number(entry));
        }
        return numbered;
    }

    private JournalEntry number(JournalEntry entry) {
        if (entry.events().isEmpty()) {
            return entry;
        }
        List<Event> events = new ArrayList<>(entry.events().size());
        for (Event event : entry.events()) {
            events.add(event.withSequence(next(IndexKey.channel(event.channel(), event.isPrivate()))));
        }
        return new JournalEntry(entry.change(), events, entry.isEventsOnly());
    }

    private long next(IndexKey channel) {
        try {
            return heads.next(channel);
        } catch (RocksDBException e) {
            fail.accept(e);
            return 0;
        }
    }
}
