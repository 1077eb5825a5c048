package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a journal. Safe for use by several threads; reads block for as long as the disk takes. */
public interface JournalReader {

    /**
     * What was read.
     *
     * @param entries in their order; with those of their events that were asked for
     * @param next where to go on
     * @param isAtEnd whether there was nothing behind it when it was read
     */
    record Page(List<JournalEntry> entries, ReadPoint next, boolean isAtEnd) {}

    /**
     * Where a client goes on that has seen everything up to this event.
     *
     * @param id an event's {@code meta.id}
     * @return empty when something behind it is not here any more, or it is not known
     */
    Optional<ReadPoint> after(String id) throws IOException;

    /**
     * Whether whoever had the event before the point finds the number behind its own on the next one: not where the journal
     * had lost its end with the numbers that were given there, and that event came into it again.
     */
    boolean keepsNumbers(ReadPoint point);

    /** Whether nothing behind the point has been removed, or was never there. */
    boolean hasAllBehind(ReadPoint point);

    /** In front of the oldest entry of the stretch without gaps that is being appended to. */
    ReadPoint oldest();

    /** Behind the newest entry. */
    ReadPoint end();

    /** Behind a change of the stretch that is being appended to, whether it is here yet or comes into it again. */
    ReadPoint behind(ChangeId change);

    /** In front of the first entry that was appended at this time or later. */
    ReadPoint at(Instant time) throws IOException;

    /**
     * In front of the first entry that was committed at this LSN or behind it; empty when something from there on is not here
     * any more, or the LSN is not of the stretch that is being appended to.
     */
    Optional<ReadPoint> since(long lsn);

    /**
     * The id of the oldest event that clients can go on from; null when there is none.
     */
    @Nullable
    String oldestId() throws IOException;

    /** The id that a client goes on from who has seen everything before the point; null when there is none. */
    @Nullable
    String id(ReadPoint point);

    /** Whether an event at this position stands before the point. */
    boolean covers(ReadPoint point, Position position);

    /**
     * Reads on.
     *
     * @param most how many entries at most; fewer when they are large
     */
    Page read(Selection selection, ReadPoint from, int most) throws IOException;

    /** The same, with all events of each entry, whose payloads are left out: they cost more than everything else. */
    Page readNames(Selection selection, ReadPoint from, int most) throws IOException;

    /**
     * The newest entries with events of a channel, oldest first.
     *
     * @param since none that was committed before
     * @param most how many at most
     */
    List<JournalEntry> newest(String channel, boolean isPrivate, Instant since, int most) throws IOException;

    /** Since when everything is here. */
    Instant keptSince() throws IOException;

    /** The number of the last event of a channel; 0 when there was none. */
    long sequence(String channel, boolean isPrivate) throws IOException;
}
