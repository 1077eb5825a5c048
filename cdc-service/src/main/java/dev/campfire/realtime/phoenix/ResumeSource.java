package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.changes.Retelling;
import dev.campfire.realtime.journal.JournalReader;
import dev.campfire.realtime.journal.ReadPoint;
import dev.campfire.realtime.journal.Selection;
import dev.campfire.realtime.limits.BackgroundWork;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What joins resume from. Safe for use by several threads. */
public final class ResumeSource {

    private static final Logger LOG = LoggerFactory.getLogger(ResumeSource.class);

    /** How many pages are read and judged at a time: many clients come again at once, and live delivery goes on. */
    private static final int AT_A_TIME = 8;

    private final JournalReader journal;
    private final MissedPages pages;
    private final Retelling retelling;
    private final LivePublishing live;
    private final Executor reading;
    private final Semaphore turns = new Semaphore(AT_A_TIME);
    private final BackgroundWork pageReading = new BackgroundWork("resume-read", AT_A_TIME);

    /** How far live delivery is. Safe for use by several threads. */
    public interface LivePublishing {

        /** Whether everything that is in the journal has been handed to the hub, and nothing waits to be judged. */
        boolean isCaughtUp();

        /** How the journal stands to what is published. */
        Keeping keeping();

        /** Behind the last change that was published, which may be further than the journal is. */
        ReadPoint published();
    }

    /** How the journal stands to what is published. */
    public enum Keeping {
        /** It holds all that was published. */
        ALL,
        /** What was published and is not in it comes into it again. */
        LATER,
        /** It can't be written, nobody knows until when. */
        NOTHING
    }

    public ResumeSource(JournalReader journal, Retelling retelling, LivePublishing live) {
        this(journal, retelling, live, task -> Thread.ofVirtual()
                .name("journal-read")
                .start(task));
    }

    /** @param reading where is done what has to wait for the journal */
    ResumeSource(JournalReader journal, Retelling retelling, LivePublishing live, Executor reading) {
        this.live = live;
        this.reading = reading;
        this.journal = journal;
        this.pages = new MissedPages(journal);
        this.retelling = retelling;
    }

    /**
     * Where a client goes on.
     *
     * @param isRecovered whether it gets everything behind the event that it named, numbered on from that; otherwise it gets
     *     only what is new to it
     * @param point it gets everything behind here
     * @param from the same as an id; null when there is none
     * @param oldest the oldest id that could be gone on from; null when there is none
     * @param isLiveOnly whether the journal has nothing to tell: what is published is not kept now
     */
    record Found(
            boolean isRecovered,
            ReadPoint point,
            @Nullable String from,
            @Nullable String oldest,
            boolean isLiveOnly) {}

    /** @param after the id of the last event that the client has; null when it wants only what is new */
    CompletionStage<Found> find(@Nullable String after) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        Keeping kept = keeping();
                        boolean isLiveOnly = kept == Keeping.NOTHING;
                        Optional<ReadPoint> named =
                                after == null || isLiveOnly ? Optional.empty() : journal.after(after);
                        ReadPoint point = named.orElseGet(() -> now(kept));
                        String from = named.isPresent() ? after : journal.id(point);
                        boolean isRecovered = after == null || named.isPresent() && journal.keepsNumbers(point);
                        return new Found(isRecovered, point, from, journal.oldestId(), isLiveOnly);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                reading);
    }

    /**
     * What is sought for a client that may not be let in.
     *
     * @param found where it goes on
     * @param firstPage completes when its first page has been read, or could not be: then whoever reads it finds out why.
     *     Fails only where {@code found} does
     */
    record Sought(CompletionStage<Found> found, CompletionStage<?> firstPage) {}

    /**
     * Finds where a client goes on, and begins to read what it gets first: that takes as long as Postgres is asked whether it
     * may have it.
     *
     * @param after the id of the last event that the client has; null when it wants only what is new
     * @param selection what it is going to read
     */
    Sought seek(@Nullable String after, Selection selection) {
        CompletionStage<Found> found = find(after);
        return new Sought(found, found.thenAcceptAsync(where -> readFirst(where, selection), reading));
    }

    private void readFirst(Found where, Selection selection) {
        if (where.isLiveOnly()) {
            return;
        }
        try {
            firstInTurn(() -> pages.walk(selection).read(where.point(), Resumption.FIRST_PAGE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | SQLException | RuntimeException e) {
            // Whoever reads it next meets the same, and tells the client.
            LOG.debug("A page could not be read ahead:", e);
        }
    }

    /** Behind everything that has been published. */
    ReadPoint now() {
        return now(keeping());
    }

    /** Behind everything that has been published: where the journal is not as far yet, that comes into it again. */
    private ReadPoint now(Keeping kept) {
        return kept == Keeping.ALL ? journal.end() : live.published();
    }

    Executor reading() {
        return reading;
    }

    JournalReader journal() {
        return journal;
    }

    MissedPages pages() {
        return pages;
    }

    Retelling retelling() {
        return retelling;
    }

    /** Something that is read of the journal, and judged. */
    interface Reading<T> {
        T read() throws IOException, SQLException, InterruptedException;
    }

    /** Reads and judges a page when it is its turn, on a thread that live delivery takes precedence over, and waits for it. */
    <T> T inTurn(Reading<T> work) throws IOException, SQLException, InterruptedException {
        turns.acquire();
        return withTurn(() -> pageReading.call(work::read));
    }

    /**
     * The same with the few events that come first: a client that comes alone gets them at once, whatever is compiled just
     * then, and a crowd behind what is live.
     */
    <T> T firstInTurn(Reading<T> work) throws IOException, SQLException, InterruptedException {
        turns.acquire();
        return withTurn(() -> pageReading.callSoon(work::read));
    }

    /**
     * The same with less patience.
     *
     * @throws IOException also when its turn has not come by then
     */
    <T> T inTurn(Duration patience, Reading<T> work) throws IOException, SQLException, InterruptedException {
        if (!turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("too many read at the same time");
        }
        return withTurn(() -> pageReading.call(work::read));
    }

    /** Hands a piece of work to others, and waits for it. */
    private interface Handing<T> {
        T handOver() throws ExecutionException, InterruptedException;
    }

    private <T> T withTurn(Handing<T> handing) throws IOException, SQLException, InterruptedException {
        try {
            return handing.handOver();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case SQLException failure -> throw failure;
                case InterruptedException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            turns.release();
        }
    }

    Keeping keeping() {
        return live.keeping();
    }

    boolean isCaughtUp() {
        return live.isCaughtUp();
    }
}
