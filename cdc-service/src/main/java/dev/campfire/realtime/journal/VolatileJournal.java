package dev.campfire.realtime.journal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.StreamStart;
import dev.campfire.realtime.mapping.Position;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A journal that keeps nothing but where it stands: enough to deliver each change once for as long as the process lives,
 * however often Postgres sends it. Nothing can be resumed from it, and it says so.
 */
public final class VolatileJournal implements Journal, JournalReader {

    private static final int REMEMBERED = 200_000;

    private final LongConsumer acknowledge;
    private final Cache<IndexKey, Long> numbers = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();
    private final Numbering numbering = new Numbering(this::lastOf, numbers::put);
    private volatile @Nullable ChangeId last;

    /** Touched by the thread that appends; 0 before the first stream. */
    private long completeThrough;

    /** @param acknowledge told the LSN before which everything was appended; must not block */
    public VolatileJournal(LongConsumer acknowledge) {
        this.acknowledge = acknowledge;
    }

    @Override
    public boolean begin(StreamStart start) {
        ChangeId newest = last;
        boolean isFirst = completeThrough == 0;
        boolean follows = Long.compareUnsigned(start.lsn(), completeThrough) <= 0
                && (newest == null
                        || newest.history() == start.history()
                                && Long.compareUnsigned(start.end(), newest.commitLsn()) >= 0);
        if (isFirst || !follows) {
            last = null;
            completeThrough = start.lsn();
        }
        return isFirst || follows;
    }

    @Override
    public boolean holds(ChangeId change) {
        ChangeId known = last;
        // Positions of another history say nothing about this one: after a restore from a backup LSNs come again.
        return known != null && known.history() == change.history() && change.compareTo(known) <= 0;
    }

    @Override
    public List<JournalEntry> append(List<JournalEntry> entries, ChangeId newest, List<Note> notes) {
        List<JournalEntry> numbered = numbering.number(entries);
        last = newest;
        return numbered;
    }

    @Override
    public Optional<List<JournalEntry>> appendOrNothing(List<JournalEntry> entries, ChangeId newest, List<Note> notes) {
        return Optional.empty();
    }

    @Override
    public Notes notes() {
        return NoNotes.HERE;
    }

    /** There is no place to keep any. */
    private enum NoNotes implements Notes {
        HERE;

        @Override
        public byte @Nullable [] read(String name) {
            return null;
        }

        @Override
        public SortedMap<String, byte[]> all(String prefix) {
            return Collections.emptySortedMap();
        }

        @Override
        public void write(List<Note> notes) throws IOException {
            throw new IOException("nothing is kept without a journal (CAMPFIRE_JOURNAL is none)");
        }

        @Override
        public void forget(String prefix) {}
    }

    @Override
    public void complete(long lsn) {
        completeThrough = Math.max(completeThrough, lsn);
        acknowledge.accept(lsn);
    }

    @Override
    public void sync() {}

    @Override
    public boolean isFailing() {
        return false;
    }

    @Override
    public JournalReader reader() {
        return this;
    }

    @Override
    public Archive archive() {
        return new EmptyArchive();
    }

    @Override
    public JournalStatus status() {
        return new JournalStatus(true, null, null, 0, 0, null, false, null);
    }

    @Override
    public Optional<ReadPoint> after(String id) {
        return Optional.empty();
    }

    @Override
    public boolean keepsNumbers(ReadPoint point) {
        return true;
    }

    @Override
    public boolean hasAllBehind(ReadPoint point) {
        return true;
    }

    @Override
    public ReadPoint oldest() {
        return ReadPoint.BEGINNING;
    }

    @Override
    public ReadPoint end() {
        return ReadPoint.BEGINNING;
    }

    @Override
    public ReadPoint behind(ChangeId change) {
        return ReadPoint.BEGINNING;
    }

    @Override
    public ReadPoint at(Instant time) {
        return ReadPoint.BEGINNING;
    }

    @Override
    public Optional<ReadPoint> since(long lsn) {
        return Optional.empty();
    }

    @Override
    public @Nullable String oldestId() {
        return null;
    }

    @Override
    public @Nullable String id(ReadPoint point) {
        return null;
    }

    @Override
    public boolean covers(ReadPoint point, Position position) {
        return false;
    }

    @Override
    public Page read(Selection selection, ReadPoint from, int most) {
        return new Page(List.of(), from, true);
    }

    @Override
    public Page readNames(Selection selection, ReadPoint from, int most) {
        return new Page(List.of(), from, true);
    }

    @Override
    public List<JournalEntry> newest(String channel, boolean isPrivate, Instant since, int most) {
        return List.of();
    }

    @Override
    public Instant keptSince() {
        return Instant.MAX;
    }

    @Override
    public long sequence(String channel, boolean isPrivate) {
        return lastOf(IndexKey.channel(channel, isPrivate));
    }

    private long lastOf(IndexKey channel) {
        Long number = numbers.getIfPresent(channel);
        return number == null ? 0 : number;
    }

    @Override
    public void close() {}
}
