package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.StreamStart;
import java.util.List;
import java.util.Optional;

/**
 * The log that changes and their events go through on their way to the hub. Written by one thread, in commit order; read by
 * any.
 *
 * <p>Postgres redelivers whole transactions after each reconnection, in the same order and with the same identities:
 * whatever is at or before the last appended change of the same history has been here. It is told to forget a transaction
 * only when the journal would still have it after the machine has lost its power.
 */
public interface Journal extends AutoCloseable {

    /**
     * Says where the stream begins whose changes are appended from now on.
     *
     * @return whether it follows what was appended before; false when something was committed in between that is never going to
     *     come, or may have been
     */
    boolean begin(StreamStart start);

    /** Whether this change has been appended before, or one behind it. Any thread. */
    boolean holds(ChangeId change);

    /**
     * The same, of a change that has come: where another one stood there before, the stream is read again and begins with a
     * gap. Called by the thread that appends.
     */
    default boolean isRedelivered(Change change) {
        return holds(change.id());
    }

    /**
     * Appends a stretch of changes as a whole. Never fails: what can't be kept now is not held, is not acknowledged, and comes
     * again when it can.
     *
     * @param entries in the order of their positions; changes that nobody could ever ask for are left out
     * @param last the last change of the stretch, which {@link #holds} from now on like everything before it
     * @return the entries, whose events are numbered now
     */
    default List<JournalEntry> append(List<JournalEntry> entries, ChangeId last) {
        return append(entries, last, List.of());
    }

    /**
     * The same, with notes that are kept when the entries are, see {@link #notes}.
     */
    List<JournalEntry> append(List<JournalEntry> entries, ChangeId last, List<Note> notes);

    /**
     * Appends a stretch of entries that do not come again by themselves, and its notes.
     *
     * @return empty when it can't be kept now: then nothing has happened at all
     */
    Optional<List<JournalEntry>> appendOrNothing(List<JournalEntry> entries, ChangeId last, List<Note> notes);

    /** What others keep in it. */
    Notes notes();

    /** Says that every transaction before here has been appended as a whole, so that Postgres may forget them in time. */
    void complete(long lsn);

    /** Makes everything durable that has been appended, and acknowledges it. Blocks; any thread. */
    void sync();

    /**
     * Whether it keeps nothing at the moment, and can't say when it will again. Between that and the time when it holds
     * everything, what was not kept comes again. Any thread.
     */
    boolean isFailing();

    /** What can be read of it. Any thread. */
    JournalReader reader();

    /** All that it holds, for whoever runs the service. Any thread. */
    Archive archive();

    /** How it is doing. Any thread. */
    JournalStatus status();

    /** Ends it, without losing anything. Idempotent. */
    @Override
    void close();
}
