package dev.campfire.realtime.backfill;

import dev.campfire.realtime.backfill.BackfillState.Phase;
import dev.campfire.realtime.backfill.PendingChunk.Outcome;
import dev.campfire.realtime.capture.DatabaseSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One backfill, from where it stands to its end: reads chunk by chunk, and goes on when one is in the journal. What passes is
 * waited for; what does not fails it. For one thread.
 */
final class BackfillRun {

    private static final Logger LOG = LoggerFactory.getLogger(BackfillRun.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** A message that has not come by then may have been skipped; the next one is given twice the time. */
    private static final Duration MESSAGE = Duration.ofSeconds(60);

    private final DatabaseSettings database;
    private final String publication;
    private final BackfillStream stream;
    private final Control control;
    private final InstantSource clock;
    private final @Nullable RowCondition condition;

    private BackfillState state;
    private @Nullable Source source;
    private Duration pause = FIRST_PAUSE;
    private Duration patience = MESSAGE;
    private int breaks;

    /** Whoever lets it run. */
    interface Control {

        /** Takes notice of how far it is. */
        void progress(BackfillState state);

        /** Keeps how far it is. */
        void keep(BackfillState state) throws IOException;

        /** Whether it is to end where it is. */
        boolean isStopped();

        /** Waits, for less long when it is to end. */
        void pause(Duration time) throws InterruptedException;
    }

    /** @param breaks how often history had broken when the state was kept */
    BackfillRun(
            BackfillState state,
            int breaks,
            DatabaseSettings database,
            String publication,
            BackfillStream stream,
            Control control,
            InstantSource clock)
            throws BackfillException {
        this.state = state;
        this.breaks = breaks;
        this.database = database;
        this.publication = publication;
        this.stream = stream;
        this.control = control;
        this.clock = clock;
        String where = state.request().where();
        this.condition = where == null ? null : RowCondition.of(where);
    }

    /** Runs until it is over or stopped. */
    void run() throws InterruptedException {
        try {
            while (!state.hasRead() && !state.phase().isOver() && !control.isStopped()) {
                tryStep();
            }
            if (state.hasRead() && !state.phase().isOver()) {
                LOG.info(
                        "Backfill of {} is done: {} rows read, {} of them told.",
                        state.request().name(),
                        state.read(),
                        state.told());
                finish(Phase.DONE, null);
            }
        } finally {
            closeSource();
        }
    }

    private void tryStep() throws InterruptedException {
        try {
            step();
            pause = FIRST_PAUSE;
        } catch (SQLException e) {
            closeSource();
            if (SqlFailures.isPassing(e)) {
                waitFor(e.getMessage());
            } else {
                fail(SqlFailures.text(e, part(), database.user()));
            }
        } catch (BackfillException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            waitFor(e.getMessage());
        }
    }

    private Part part() {
        return state.parts().get(Math.min(state.part(), state.parts().size() - 1));
    }

    private void step() throws SQLException, BackfillException, IOException, InterruptedException {
        if (!stream.hasBegun()) {
            // There may be no slot yet that would keep a message for us.
            waitFor("changes are not read yet");
            return;
        }
        Source open = source();
        if (state.base() == null || breaks != stream.breaks()) {
            findBase(open);
            return;
        }
        long began = System.nanoTime();
        Chunk chunk = open.read(part(), condition, state.cursor());
        if (chunk.rows().isEmpty()) {
            move(state.behind(chunk, 0, 0));
            control.keep(state);
            return;
        }
        PendingChunk pending =
                new PendingChunk(UUID.randomUUID().toString(), breaks, state, chunk, new CompletableFuture<>());
        stream.offer(pending);
        try {
            open.mark(pending.mark());
        } catch (SQLException e) {
            // It may have been written all the same, and then its message has come or means nothing any more.
            if (stream.withdraw(pending)) {
                throw e;
            }
        }
        take(pending);
        keepPace(chunk, began);
    }

    private Source source() throws SQLException {
        Source open = source;
        if (open == null) {
            open = Source.open(database, publication);
            source = open;
        }
        return open;
    }

    private void closeSource() {
        Source open = source;
        source = null;
        if (open != null) {
            open.close();
        }
    }

    /**
     * Finds where the part's changes are needed from. A transaction may stand in the WAL before there and be seen by nobody yet,
     * but only until it ends: those who are writing are waited for.
     */
    private void findBase(Source open) throws SQLException, IOException, InterruptedException {
        if (state.part() == 0 && state.cursor() == null && !state.request().isAgain()) {
            report(Phase.RUNNING, "looks which rows the journal has told of already");
            stream.noteTold(state);
        }
        int before = stream.breaks();
        long position = open.position();
        Set<String> writing = open.writers(part());
        while (!writing.isEmpty()) {
            report(Phase.WAITING, "waits for transactions to end that have written to the table: " + writing.size());
            control.pause(LOOK);
            if (control.isStopped()) {
                return;
            }
            writing.retainAll(open.writers(part()));
        }
        breaks = before;
        move(state.in(Phase.RUNNING, null).based(position));
        control.keep(state);
    }

    private void take(PendingChunk pending) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                switch (pending.outcome().get(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    case Outcome.Kept(BackfillState next) -> {
                        patience = MESSAGE;
                        move(next.in(Phase.RUNNING, null));
                    }
                    case Outcome.Refused(String why, boolean isUnfounded) -> {
                        if (isUnfounded) {
                            move(state.based(null));
                        }
                        waitFor(why);
                    }
                }
                return;
            } catch (TimeoutException e) {
                boolean isLate = System.nanoTime() - deadline > 0;
                if ((control.isStopped() || isLate) && stream.withdraw(pending)) {
                    if (isLate) {
                        patience = patience.multipliedBy(2);
                    }
                    return;
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private void keepPace(Chunk chunk, long began) throws InterruptedException {
        int most = state.request().rowsPerSecond();
        if (most > 0) {
            long due = began + TimeUnit.SECONDS.toNanos(chunk.rows().size()) / most;
            long left = due - System.nanoTime();
            if (left > 0) {
                control.pause(Duration.ofNanos(left));
            }
        }
    }

    private void waitFor(@Nullable String why) throws InterruptedException {
        report(Phase.WAITING, "tries again: " + why);
        control.pause(pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    private void report(Phase phase, @Nullable String note) {
        move(state.in(phase, note));
    }

    private void move(BackfillState next) {
        state = next;
        control.progress(next);
    }

    /** It stays where it is, to go on from there when it is asked for again. */
    private void fail(String why) throws InterruptedException {
        LOG.warn("Backfill of {} has failed: {}", state.request().name(), why);
        finish(Phase.FAILED, why);
    }

    private void finish(Phase last, @Nullable String why) throws InterruptedException {
        BackfillState over = state.over(last, why, clock.instant());
        while (!control.isStopped()) {
            try {
                control.keep(over);
                move(over);
                return;
            } catch (IOException e) {
                waitFor(e.getMessage());
            }
        }
    }
}
