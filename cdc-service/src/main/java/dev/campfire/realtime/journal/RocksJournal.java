package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.StreamStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal on disk, in RocksDB: each stretch of changes is one batch with its index, its channels' numbers and how far
 * the stream is complete, so that they can't disagree. Appending does not wait for the disk; a thread of its own makes
 * durable what was appended and acknowledges it then.
 *
 * <p>When the disk fails or is full nothing is kept and nothing acknowledged until it is well again; then the files are
 * opened anew and {@code refill} is called, so that the stream is read again from where the journal ends.
 */
public final class RocksJournal implements Journal {

    private static final Logger LOG = LoggerFactory.getLogger(RocksJournal.class);

    private static final Duration CLOSING = Duration.ofSeconds(2);

    /** For so long a start waits for damaged files to be replaced; then it goes on, and resumes from nothing until they are. */
    private static final Duration SALVAGING = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final Runnable refill;
    private final StoreGuard guard;
    private final Log log = new Log();
    private final Tables tables = new Tables();
    private final Heads heads;
    private final Numbering numbering;
    private final SyncMark mark;
    private final Syncing syncing;
    private final Retention retention;
    private final RocksReader reader;
    private final Archive archive;
    private final Salvage salvage;
    private final Repair repair;
    private final WriteOptions writing = new WriteOptions();
    private final Appending appending;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Touched by the thread that appends. */
    private boolean hasBegun;

    /** Whether other changes came where some had been; until the stream begins again, nothing is acknowledged. */
    private volatile boolean hasDiverged;

    private RocksJournal(
            JournalSettings settings,
            String owner,
            @Nullable Store store,
            SyncMark mark,
            InstantSource clock,
            LongConsumer acknowledge,
            Runnable refill)
            throws RocksDBException {
        this.clock = clock;
        this.refill = refill;
        this.guard = new StoreGuard(store, this::damaged);
        this.heads = new Heads(guard);
        this.numbering = new Numbering(this::lastNumber, heads::give);
        this.mark = mark;
        if (store != null && !store.isDamaged()) {
            log.load(store);
            tables.load(store);
        }
        this.reader = new RocksReader(guard, log, tables, heads);
        this.archive = new RocksArchive(settings.folder(), guard, log, tables);
        this.appending = new Appending(guard, log, tables, writing, clock);
        this.syncing = new Syncing(this::writeThrough, acknowledge);
        this.retention = new Retention(settings, guard, log, tables, reader, clock);
        this.salvage = new Salvage(settings.folder(), owner, guard, log, reader, retention, clock, this::fail);
        this.repair = new Repair(settings.folder(), owner, guard, log, tables, reader, salvage);
    }

    /**
     * Opens the journal in a directory, which is made where it is missing, and begins to look after it.
     *
     * @param owner whose events it holds, the name of a database
     * @param acknowledge told the LSN before which everything is durable; any thread, must not block
     * @param refill run when the stream has to be read again; must not block
     * @throws JournalException when it can't be used: locked, of another format, another database's, not writable
     */
    public static RocksJournal open(
            JournalSettings settings, String owner, InstantSource clock, LongConsumer acknowledge, Runnable refill)
            throws JournalException {
        Path folder = settings.folder();
        JournalFolder.make(folder);
        try {
            Store store = JournalFolder.openFirst(folder, owner);
            SyncMark mark = SyncMark.in(folder);
            RocksJournal journal = new RocksJournal(settings, owner, store, mark, clock, acknowledge, refill);
            if (store == null) {
                journal.fail(new RocksDBException("no space left on the device"));
            } else if (store.isDamaged()) {
                journal.startDamaged();
            } else {
                mark.complainAbout(journal.log.last());
            }
            journal.syncing.start();
            journal.retention.start();
            return journal;
        } catch (RocksDBException e) {
            throw JournalFolder.explain(folder, e);
        } catch (IOException e) {
            throw new JournalException("The journal in " + folder + " can't be used: " + e.getMessage(), e);
        }
    }

    /** A journal that is not large is whole again before anybody asks for anything. */
    private void startDamaged() {
        RocksDBException damage = Store.damage("some of its files are missing or broken");
        fail(damage);
        damaged(damage);
        if (salvage.awaitEnd(SALVAGING) && repair.mend()) {
            repair.done();
        }
    }

    @Override
    public boolean begin(StreamStart start) {
        Era before = log.era();
        if (before == null && repair.isFailing()) {
            // What stretches there were is not known before the files are mended; then it begins again.
            log.streams(start.end());
            return true;
        }
        String reason = before == null ? hasBegun ? Breach.GONE : "" : Breach.of(log, before, start, hasDiverged);
        hasBegun |= before != null;
        if (before == null || !reason.isEmpty()) {
            Era era = new Era(
                    before == null ? 1 : before.number() + 1,
                    start.history(),
                    start.lsn(),
                    clock.instant(),
                    Breach.SET_BACK.equals(reason) ? lastLsn() : 0);
            if (!reason.isEmpty()) {
                LOG.warn(
                        "{} What was committed in between is not in the journal: clients that resume across are told so.",
                        reason);
            }
            // Where the journal has been further than it is, what comes was numbered before, nobody knows how.
            LogPosition renumbered = start.isNewSlot() || Breach.SET_BACK.equals(reason)
                    ? LogPosition.FIRST
                    : new LogPosition(era.number(), start.end(), Integer.MAX_VALUE);
            try {
                guard.use(store -> {
                    try (WriteBatch batch = new WriteBatch()) {
                        Log.write(batch, store, era);
                        Log.writeRenumbered(batch, store, renumbered);
                        store.database().write(writing, batch);
                        return true;
                    }
                });
                log.begin(era);
                log.renumbers(renumbered);
                hasBegun = true;
                heads.forget();
                hasDiverged = false;
                repair.done();
            } catch (RocksDBException e) {
                fail(e);
            }
        } else if (repair.awaitsRefill()) {
            LOG.info("The journal is kept again.");
            // What was numbered and not kept comes again, and gets the same numbers.
            heads.forget();
            repair.done();
        }
        log.streams(start.end());
        return reason.isEmpty();
    }

    private long lastLsn() {
        LogPosition last = log.last();
        return last == null ? 0 : last.lsn();
    }

    @Override
    public boolean holds(ChangeId change) {
        Era era = log.era();
        LogPosition last = log.last();
        return era != null
                && last != null
                && era.history() == change.history()
                && LogPosition.of(era.number(), change).compareTo(last) <= 0;
    }

    @Override
    public boolean isRedelivered(Change change) {
        Era era = log.era();
        if (era == null || !holds(change.id())) {
            return false;
        }
        // Messages may be left out, and of a transaction all comes again or nothing.
        if (change.id().index() == 0 && change.relation() != null && repair.isWell() && !hasDiverged) {
            LogPosition position = LogPosition.of(era.number(), change.id());
            try {
                if (position.compareTo(log.floor()) > 0 && !reader.contains(position)) {
                    LOG.warn("What Postgres sends again is not what it sent before: it is another database now.");
                    hasDiverged = true;
                    refill.run();
                }
            } catch (IOException e) {
                // Whoever writes finds out as well.
                LOG.debug("It could not be looked up whether a change was here before", e);
            }
        }
        return true;
    }

    @Override
    public List<JournalEntry> append(List<JournalEntry> entries, ChangeId last, List<Note> notes) {
        List<JournalEntry> numbered = numbering.number(entries);
        Era era = log.era();
        if (!repair.isWell() || era == null || !keep(era, numbered, last, notes)) {
            log.streamed(last.commitLsn());
        }
        return numbered;
    }

    private long lastNumber(IndexKey channel) {
        try {
            return heads.last(channel);
        } catch (RocksDBException e) {
            fail(e);
            return Numbering.UNKNOWN;
        }
    }

    @Override
    public Optional<List<JournalEntry>> appendOrNothing(List<JournalEntry> entries, ChangeId last, List<Note> notes) {
        Era era = log.era();
        if (!repair.isWell() || era == null) {
            return Optional.empty();
        }
        List<JournalEntry> numbered = numbering.number(entries);
        if (repair.isWell() && keep(era, numbered, last, notes)) {
            return Optional.of(numbered);
        }
        // The numbers that they were given are the next ones'.
        heads.forget();
        return Optional.empty();
    }

    private boolean keep(Era era, List<JournalEntry> numbered, ChangeId last, List<Note> notes) {
        LogPosition newest = LogPosition.of(era.number(), last);
        try {
            if (numbered.isEmpty() && notes.isEmpty()) {
                log.passed(newest);
            } else {
                appending.append(era, numbered, newest, notes);
            }
            return true;
        } catch (RocksDBException e) {
            fail(e);
            return false;
        }
    }

    @Override
    public void complete(long lsn) {
        Era era = log.era();
        if (!repair.isWell() || hasDiverged || era == null || Long.compareUnsigned(lsn, log.complete()) < 0) {
            return;
        }
        try {
            guard.use(store -> {
                try (WriteBatch batch = new WriteBatch()) {
                    Log.writeComplete(batch, store, lsn);
                    store.database().write(writing, batch);
                    return true;
                }
            });
            log.completed(lsn);
            syncing.request(lsn);
        } catch (RocksDBException e) {
            fail(e);
        }
    }

    /** Makes durable what has been written; false when that is not possible, or the files have to be mended first. */
    private boolean writeThrough() {
        if (repair.isWell()) {
            LogPosition newest = log.last();
            try {
                repair.lookForFiles();
                guard.use(store -> {
                    store.database().syncWal();
                    return true;
                });
                mark.set(newest);
                return true;
            } catch (RocksDBException e) {
                fail(e);
                return false;
            }
        }
        if (repair.isFailing() && repair.mend()) {
            // Nothing is acknowledged that the files have lost.
            syncing.request(log.complete());
            repair.awaitRefill();
            refill.run();
        }
        return false;
    }

    private void damaged(Exception damage) {
        if (!isClosed.get()) {
            salvage.request(damage);
        }
    }

    private void fail(RocksDBException e) {
        if (!isClosed.get()) {
            repair.begin(e);
            syncing.wake();
        }
    }

    @Override
    public void sync() {
        syncing.now();
    }

    @Override
    public boolean isFailing() {
        return repair.isFailing();
    }

    @Override
    public JournalReader reader() {
        return reader;
    }

    @Override
    public Archive archive() {
        return archive;
    }

    @Override
    public Notes notes() {
        return new RocksNotes(guard);
    }

    @Override
    public JournalStatus status() {
        Block.Header oldest;
        try {
            oldest = guard.use(store -> Log.oldest(store, log.floor()));
        } catch (RocksDBException | DamagedException e) {
            oldest = null;
        }
        return new JournalStatus(
                repair.isWell(),
                repair.problem(),
                log.era(),
                Math.max(0, log.eras().size() - 1),
                oldest == null ? 0 : log.bytesEver() - oldest.bytesBefore(),
                oldest == null ? null : Instant.ofEpochMilli(oldest.appendedAt()),
                true,
                salvage.told());
    }

    /** Removes what is too old or too much, now. For tests. */
    void retain() {
        retention.run();
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            syncing.close(CLOSING);
            retention.close();
            guard.close();
            writing.close();
            mark.close();
        }
    }
}
