package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.mapping.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Collects a page of events for whoever reads everything. For one thread. */
final class EventGathering {

    /** A page ends behind about this many bytes of what is wanted, or so many of what was looked at. */
    private static final long PAGE_BYTES = 1L << 20;

    private static final long LOOKED_AT_BYTES = 8L << 20;

    private final EventFilter filter;
    private final ReadPoint from;
    private final @Nullable ReadPoint to;
    private final int most;
    private final IntFunction<Relation> relations;
    private final List<Event> events = new ArrayList<>();
    private long bytes;
    private long lookedAt;
    private @Nullable ReadPoint next;
    private boolean isDone;

    EventGathering(
            EventFilter filter, ReadPoint from, @Nullable ReadPoint to, int most, IntFunction<Relation> relations) {
        this.filter = filter;
        this.from = from;
        this.to = to;
        this.most = most;
        this.relations = relations;
    }

    /** A block is begun; false when there is no room for another. */
    boolean begin(byte[] block) {
        if (lookedAt >= LOOKED_AT_BYTES) {
            return false;
        }
        lookedAt += block.length;
        return true;
    }

    /** Adds what is wanted of an entry; false when there is no room for all of it. */
    boolean add(LogPosition block, int history, ByteReader record, int size) {
        ByteReader peek = new ByteReader(record.array(), record.position(), record.position() + size);
        LogPosition at = EntryCodec.position(peek, block.era());
        if (at.compareTo(from.change()) < 0) {
            return true;
        }
        if (isBehind(at, -1)) {
            isDone = true;
            return false;
        }
        if (events.size() >= most || bytes >= PAGE_BYTES) {
            return false;
        }
        int behind = at.equals(from.change()) ? from.ordinal() : -1;
        int before = events.size();
        for (Event event : EntryCodec.read(record, history, relations, filter).events()) {
            if (event.position().ordinal() <= behind) {
                continue;
            }
            if (isBehind(at, event.position().ordinal())) {
                isDone = true;
                return false;
            }
            if (events.size() >= most) {
                return false;
            }
            events.add(event);
            next = new ReadPoint(at, event.position().ordinal());
        }
        next = new ReadPoint(at, ReadPoint.ALL);
        bytes += events.size() > before ? size : 0;
        return true;
    }

    private boolean isBehind(LogPosition at, int ordinal) {
        return to != null && new ReadPoint(at, ordinal).compareTo(to) > 0;
    }

    /** Whether the place has been reached behind which nothing is read. */
    boolean isDone() {
        return isDone;
    }

    List<Event> events() {
        return events;
    }

    /** Behind what was looked at. */
    ReadPoint next() {
        return next == null ? from : next;
    }
}
