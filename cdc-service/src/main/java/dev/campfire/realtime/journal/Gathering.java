package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.mapping.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects a page. For one thread. */
final class Gathering {

    /** A page ends behind about this many bytes. */
    private static final long PAGE_BYTES = 1L << 20;

    private final Selection selection;
    private final ReadPoint from;
    private final int most;
    private final @Nullable EventFilter wanted;
    private final IntUnaryOperator histories;
    private final IntFunction<Relation> relations;
    private final List<JournalEntry> entries = new ArrayList<>();
    private long bytes;
    private @Nullable ReadPoint next;

    /**
     * @param histories gives the history of an era
     * @param relations finds a table by its number
     */
    Gathering(
            Selection selection,
            ReadPoint from,
            int most,
            @Nullable EventFilter wanted,
            IntUnaryOperator histories,
            IntFunction<Relation> relations) {
        this.histories = histories;
        this.relations = relations;
        this.selection = selection;
        this.from = from;
        this.most = most;
        this.wanted = wanted;
    }

    /** Adds an entry if it is behind the beginning and has something that is wanted; false when there is no room. */
    boolean add(int era, byte[] block, int offset) {
        ByteReader in = Block.record(block, offset);
        LogPosition at = EntryCodec.position(in, era);
        if (at.compareTo(from.change()) < 0) {
            return true;
        }
        if (entries.size() >= most || bytes >= PAGE_BYTES) {
            return false;
        }
        ByteReader record = Block.record(block, offset);
        int history = histories.applyAsInt(era);
        JournalEntry entry = wanted == null
                ? EntryCodec.readNames(record, history, relations)
                : EntryCodec.read(record, history, relations, wanted);
        next = new ReadPoint(at, ReadPoint.ALL);
        JournalEntry fitting = at.equals(from.change()) ? behind(entry) : entry;
        if (fitting != null && isWanted(fitting)) {
            entries.add(fitting);
            bytes += in.remaining();
        }
        return true;
    }

    /** What of a change is behind one of its events: of the change itself has been told with the first. */
    private @Nullable JournalEntry behind(JournalEntry entry) {
        List<Event> events = entry.events().stream()
                .filter(event -> event.position().ordinal() > from.ordinal())
                .toList();
        if (from.ordinal() < 0) {
            return entry;
        }
        return events.isEmpty() ? null : new JournalEntry(entry.change(), events, true);
    }

    private boolean isWanted(JournalEntry entry) {
        return selection.isEverything()
                || !entry.events().isEmpty()
                || entry.change().relation() != null
                        && selection.hasTable(
                                entry.change().relation().schema(),
                                entry.change().relation().table());
    }

    List<JournalEntry> entries() {
        return entries;
    }

    ReadPoint next() {
        return next == null ? from : next;
    }

    /** Never in front of where it began. */
    ReadPoint nextOr(ReadPoint end) {
        ReadPoint last = next();
        return last.compareTo(end) > 0 ? last : end;
    }
}
