package dev.campfire.realtime.capture;

import dev.campfire.realtime.capture.CaptureStatus.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link ChangeSource} running: whenever one ends, it checks the database and builds another, waiting longer after
 * each failure in a row. It never gives up, for every failure here can be mended from outside; it says what is wrong once,
 * and again when that changes.
 *
 * <p>The sink is called from the engine's threads, one at a time, in commit order across all sources; after a failure
 * whole transactions come again, and the sink drops what it holds already.
 */
public final class CaptureSupervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureSupervisor.class);

    private final CaptureSettings settings;
    private final Readiness readiness;
    private final Supplier<ChangeSource> sources;
    private final ChangeSink sink;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch firstStream = new CountDownLatch(1);
    private final Thread thread;

    private volatile CaptureStatus status;
    private volatile @Nullable ChangeSource current;

    // Touched by the supervisor's thread, and by the engine's while a source runs: never by both at a time.
    private Duration wait;
    private boolean inTrouble;
    private boolean streamedBefore;
    private @Nullable String lastProblem;

    /** Looks whether the database is ready to be read from. */
    interface Readiness {

        /** @throws CaptureException when it is not */
        Preflight.Slot check() throws CaptureException;

        /** Does what can be done so that the next try fares better than the one that ended so. */
        void afterFailure(CaptureException failure);
    }

    /**
     * @param sink where changes go
     * @param random spreads the waits, so that many services do not come back at the same moment
     */
    public CaptureSupervisor(CaptureSettings settings, ChangeSink sink, InstantSource clock, RandomGenerator random) {
        this(settings, new Preflight(settings), () -> new DebeziumChangeSource(settings), sink, clock, random);
    }

    CaptureSupervisor(
            CaptureSettings settings,
            Readiness readiness,
            Supplier<ChangeSource> sources,
            ChangeSink sink,
            InstantSource clock,
            RandomGenerator random) {
        this.settings = settings;
        this.readiness = readiness;
        this.sources = sources;
        this.sink = sink;
        this.clock = clock;
        this.random = random;
        this.wait = settings.firstRetry();
        this.status = new CaptureStatus(State.STARTING, clock.instant(), null, null, false);
        this.thread = Thread.ofPlatform().name("capture-supervisor").unstarted(this::supervise);
    }

    /** Begins, and returns at once. */
    public void start() {
        thread.start();
    }

    /** How it is doing now. Any thread. */
    public CaptureStatus status() {
        return status;
    }

    /** Waits until it streams for the first time; false when that takes longer than the patience. Any thread. */
    public boolean awaitStreaming(Duration patience) throws InterruptedException {
        return firstStream.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets Postgres forget what is durable here: see {@link ChangeSource#acknowledge}. Any thread. */
    public void acknowledge(long lsn) {
        ChangeSource source = current;
        if (source != null) {
            source.acknowledge(lsn);
        }
    }

    /** Has the stream read again from where Postgres stands by what was acknowledged. Any thread; does not wait. */
    public void restart() {
        ChangeSource source = current;
        if (source != null) {
            Thread.ofVirtual().name("capture-restart").start(source::close);
        }
    }

    private void supervise() {
        while (!isStopping()) {
            try {
                runOnce();
            } catch (CaptureException e) {
                readiness.afterFailure(e);
                retryLater(e);
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                LOG.error("Capture failed in a way that it should not; it is tried again.", e);
                retryLater(CaptureFailures.explain(e, settings));
            }
        }
        change(State.STOPPED, null, null);
    }

    private void runOnce() throws CaptureException, InterruptedException {
        Preflight.Slot slot = readiness.check();
        noteSlot(slot);
        ChangeSource source = sources.get();
        current = source;
        if (isStopping()) {
            return;
        }
        try {
            source.run(
                    this::accept, history -> streaming(new StreamStart(history, slot.lsn(), slot.end(), slot.isNew())));
        } finally {
            current = null;
        }
    }

    private void noteSlot(Preflight.Slot slot) {
        if (!slot.isNew()) {
            return;
        }
        if (streamedBefore || slot.followsLost()) {
            CaptureStatus before = status;
            status = new CaptureStatus(before.state(), before.since(), before.problem(), before.remedy(), true);
            LOG.warn(
                    "The replication slot {} was {} and has been made anew: what was committed in between is not"
                            + " delivered. {}",
                    settings.slot(),
                    slot.followsLost() ? "lost" : "gone",
                    slot.followsLost() ? "Raise max_slot_wal_keep_size." : "Keep others from dropping it.");
        } else {
            LOG.info("Made the replication slot {}: changes are delivered from now on.", settings.slot());
        }
    }

    /** A stream that opens may fail at once; only what comes out of it proves that all is well again. */
    private void accept(ChangeBatch batch) throws InterruptedException {
        sink.accept(batch);
        if (inTrouble) {
            inTrouble = false;
            lastProblem = null;
            wait = settings.firstRetry();
        }
    }

    private void streaming(StreamStart start) {
        sink.begin(start);
        streamedBefore = true;
        change(State.STREAMING, null, null);
        firstStream.countDown();
        LOG.info("Streaming publication {} of {}.", settings.publication(), settings.database());
    }

    private void retryLater(CaptureException e) {
        if (isStopping()) {
            return;
        }
        if (hasStreamedForLong()) {
            // What was wrong before that is history.
            lastProblem = null;
            wait = settings.firstRetry();
        }
        inTrouble = true;
        String problem = String.valueOf(e.getMessage());
        change(State.RETRYING, problem, e.remedy());
        if (!problem.equals(lastProblem)) {
            LOG.warn("{} {}", problem, e.remedy());
            LOG.debug("What lies behind it:", e);
            lastProblem = problem;
        }
        Duration spread = Duration.ofNanos(random.nextLong(wait.toNanos() / 2 + 1));
        Duration pause = wait.minus(spread);
        wait = wait.multipliedBy(2).compareTo(settings.longestRetry()) < 0
                ? wait.multipliedBy(2)
                : settings.longestRetry();
        try {
            boolean stopped = stopping.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            LOG.debug("Waited {} before the next try{}.", pause, stopped ? ", which does not come" : "");
        } catch (InterruptedException interrupted) {
            stopping.countDown();
        }
    }

    private boolean hasStreamedForLong() {
        CaptureStatus now = status;
        return now.isStreaming()
                && Duration.between(now.since(), clock.instant()).compareTo(settings.longestRetry()) > 0;
    }

    private void change(State state, @Nullable String problem, @Nullable String remedy) {
        CaptureStatus before = status;
        boolean same = before.state() == state;
        status = new CaptureStatus(
                state, same ? before.since() : clock.instant(), problem, remedy, before.historyLost());
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Ends the source, waiting for it a few seconds at most. Idempotent. */
    @Override
    public void close() {
        stopping.countDown();
        ChangeSource source = current;
        if (source != null) {
            source.close();
        }
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
