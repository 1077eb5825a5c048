package dev.campfire.realtime.backfill;

import dev.campfire.realtime.backfill.BackfillState.Phase;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.journal.Journal;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All backfills of a service: those that run, one after the other on a thread of their own, and those that are over. They are
 * kept in the journal, and go on when the service is started again. Safe for use by several threads.
 */
public final class Backfills implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Backfills.class);

    private static final int MOST_WAITING = 20;
    private static final int MOST_OVER = 200;
    private static final Duration CLOSING = Duration.ofSeconds(1);

    /** How long a failed one can be gone on with: so long the rows are noted that are inserted meanwhile. */
    private static final Duration FAILED_KEPT = Duration.ofDays(7);

    private static final Duration COUNT_KEPT = Duration.ofMinutes(5);

    private static final Comparator<BackfillState> BY_AGE =
            Comparator.comparing(BackfillState::begun).thenComparing(BackfillState::id);

    private final DatabaseSettings database;
    private final String publication;
    private final boolean isKept;
    private final InstantSource clock;
    private final Examiner examiner;
    private final Ledger ledger;
    private final BackfillStream stream;
    private final Map<String, BackfillState> all = new ConcurrentHashMap<>();

    /** What was counted lately, and is being counted. */
    private final Map<String, BackfillState> counts = new ConcurrentHashMap<>();

    /** One at a time is asked for, so that the same one does not begin twice. */
    private final ReentrantLock asking = new ReentrantLock();

    private final Thread thread = Thread.ofPlatform().name("backfill").daemon().unstarted(this::work);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean isClosed;
    private volatile @Nullable String running;
    private volatile boolean isCancelled;

    /**
     * @param journal where events are put, and what is kept of backfills beside them
     * @param isMapped whether anything is told of a table, given its schema and name
     */
    public Backfills(
            DatabaseSettings database,
            String publication,
            Journal journal,
            BiPredicate<String, String> isMapped,
            InstantSource clock) {
        this.database = database;
        this.publication = publication;
        this.isKept = journal.status().isDurable();
        this.clock = clock;
        this.examiner = new Examiner(database, publication, isMapped, clock);
        this.ledger = new Ledger(journal.notes());
        this.stream = new BackfillStream(journal.reader(), ledger);
    }

    /** What of them happens in the stream. */
    public BackfillStream stream() {
        return stream;
    }

    /** Goes on with what was not over. To be called before the stream begins. */
    public void start() {
        try {
            for (BackfillState state : ledger.states()) {
                all.put(state.id(), state.phase().isOver() ? state : state.in(Phase.QUEUED, null));
            }
            tidy();
        } catch (IOException e) {
            LOG.error("What is known of backfills can't be read: {}", e.getMessage());
        }
        watch();
        thread.start();
    }

    /**
     * Asks for a backfill, or for what has become of the same one before: a row is told of once.
     *
     * @throws BackfillException when it can't be done
     */
    public BackfillState begin(BackfillRequest request) throws BackfillException, SQLException, IOException {
        requireJournal();
        asking.lock();
        try {
            return beginOnce(request);
        } finally {
            asking.unlock();
        }
    }

    private BackfillState beginOnce(BackfillRequest request) throws BackfillException, SQLException, IOException {
        Optional<BackfillState> before = all.values().stream()
                .filter(each -> each.request().isAbout(request))
                .max(BY_AGE);
        if (before.isPresent() && !(request.isAgain() && before.get().phase().isOver())) {
            BackfillState known = before.get();
            if (known.phase() != Phase.FAILED) {
                return known;
            }
            return queue(known.again());
        }
        if (all.values().stream().filter(each -> !each.phase().isOver()).count() >= MOST_WAITING) {
            throw new BackfillException("There are " + MOST_WAITING + " backfills that are not over: wait for one.");
        }
        BackfillState asked = examiner.examine(request, Phase.QUEUED);
        if (before.isPresent()) {
            all.remove(before.get().id());
            ledger.forget(before.get().id());
        }
        return queue(asked);
    }

    /** Counts the rows that a backfill would read; the state says how many when it is done. Nothing of it is kept. */
    public BackfillState count(BackfillRequest request) throws BackfillException, SQLException {
        requireJournal();
        if (counts.values().stream().anyMatch(each -> !each.phase().isOver())) {
            throw new BackfillException("Rows are being counted already: wait until that is done.");
        }
        BackfillState asked = examiner.examine(request, Phase.COUNTING);
        counts.values()
                .removeIf(each ->
                        each.ended() != null && each.ended().plus(COUNT_KEPT).isBefore(clock.instant()));
        counts.put(asked.id(), asked);
        Thread.ofVirtual().name("backfill-count").start(() -> counts.put(asked.id(), counted(asked)));
        return asked;
    }

    private BackfillState counted(BackfillState asked) {
        try {
            return examiner.count(asked);
        } catch (RuntimeException e) {
            // Whatever it is, it is over: while rows are being counted, no others can be.
            LOG.error("Rows could not be counted", e);
            return asked.over(Phase.FAILED, e.getMessage(), clock.instant());
        }
    }

    private void requireJournal() throws BackfillException {
        if (!isKept) {
            throw new BackfillException(
                    "The service keeps no journal that rows could be put into: set CAMPFIRE_JOURNAL.");
        }
    }

    private BackfillState queue(BackfillState state) throws IOException {
        ledger.write(state);
        all.put(state.id(), state);
        watch();
        signal();
        return state;
    }

    /** All that are known, the oldest first. */
    public List<BackfillState> all() {
        return all.values().stream().sorted(BY_AGE).toList();
    }

    /** How far one is. */
    public Optional<BackfillState> find(String id) {
        BackfillState state = all.get(id);
        return Optional.ofNullable(state != null ? state : counts.get(id));
    }

    /** Ends one that is not over. What it has told stays told. */
    public Optional<BackfillState> cancel(String id) throws IOException {
        lock.lock();
        try {
            BackfillState state = all.get(id);
            if (state == null || state.phase().isOver()) {
                return find(id);
            }
            if (!id.equals(running)) {
                // Under the lock, so that it does not begin to run meanwhile.
                return Optional.of(endCancelled(state));
            }
            isCancelled = true;
            changed.signalAll();
            while (id.equals(running) && isCancelled) {
                changed.awaitNanos(TimeUnit.SECONDS.toNanos(1));
            }
            return find(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return find(id);
        } finally {
            lock.unlock();
        }
    }

    private BackfillState endCancelled(BackfillState state) throws IOException {
        BackfillState over = state.over(Phase.CANCELLED, null, clock.instant());
        ledger.write(over);
        all.put(state.id(), over);
        watch();
        ledger.forgetTold(state.id());
        return over;
    }

    private void work() {
        try {
            while (!isClosed) {
                BackfillState next = awaitNext();
                if (next != null) {
                    run(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable BackfillState awaitNext() throws InterruptedException {
        lock.lock();
        try {
            Optional<BackfillState> next = all.values().stream()
                    .filter(each -> each.phase() == Phase.QUEUED)
                    .min(BY_AGE);
            if (next.isEmpty()) {
                changed.awaitNanos(TimeUnit.SECONDS.toNanos(1));
                return null;
            }
            running = next.get().id();
            isCancelled = false;
            return next.get();
        } finally {
            lock.unlock();
        }
    }

    private void run(BackfillState state) throws InterruptedException {
        try {
            new BackfillRun(state, 0, database, publication, stream, new RunControl(), clock).run();
        } catch (BackfillException | RuntimeException e) {
            LOG.error("A backfill has failed in a way that it should not", e);
            all.put(
                    state.id(),
                    all.getOrDefault(state.id(), state).over(Phase.FAILED, e.getMessage(), clock.instant()));
        } finally {
            afterwards(all.getOrDefault(state.id(), state));
        }
    }

    private void afterwards(BackfillState last) {
        try {
            if (isCancelled && !last.phase().isOver()) {
                endCancelled(last);
            } else if (last.phase() == Phase.DONE) {
                watch();
                ledger.forgetTold(last.id());
                tidy();
            }
        } catch (IOException e) {
            LOG.warn("What is known of a backfill could not be written: {}", e.getMessage());
        } finally {
            running = null;
            isCancelled = false;
            signal();
        }
    }

    private final class RunControl implements BackfillRun.Control {

        @Override
        public void progress(BackfillState state) {
            all.put(state.id(), state);
        }

        @Override
        public void keep(BackfillState state) throws IOException {
            ledger.write(state);
        }

        @Override
        public boolean isStopped() {
            return isClosed || isCancelled;
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            lock.lock();
            try {
                long nanos = time.toNanos();
                while (!isStopped() && nanos > 0) {
                    nanos = changed.awaitNanos(nanos);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Rows are noted for those that may still read them. */
    private void watch() {
        Collection<BackfillState> open = all.values().stream()
                .filter(each ->
                        !each.phase().isOver() && each.phase() != Phase.COUNTING || each.phase() == Phase.FAILED)
                .toList();
        stream.watch(open);
    }

    /** Forgets what is over for so long, or so many, that nobody asks. */
    private void tidy() throws IOException {
        List<BackfillState> over = all.values().stream()
                .filter(each -> each.phase().isOver())
                .sorted(BY_AGE)
                .toList();
        for (int i = 0; i < over.size(); i++) {
            BackfillState each = over.get(i);
            boolean isStale = each.phase() == Phase.FAILED
                    && each.ended() != null
                    && each.ended().plus(FAILED_KEPT).isBefore(clock.instant());
            if (isStale || i < over.size() - MOST_OVER) {
                all.remove(each.id());
                ledger.forget(each.id());
            }
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        signal();
        try {
            if (!thread.join(CLOSING)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
