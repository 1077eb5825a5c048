package dev.campfire.realtime.app;

import dev.campfire.realtime.access.rows.Footprint;
import dev.campfire.realtime.access.rows.FootprintReader;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.limits.Niceness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has joins judged again when a row changes that the policies of channels read, at once; when the policies themselves have
 * changed, within seconds; and every minute when they rest on what can't be seen. Changes that come together are one
 * reason.
 */
final class RevocationWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RevocationWatch.class);

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration UNSEEN = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Of more different values than that, everybody is as likely as the other to be concerned. */
    private static final int MOST_VALUES = 10_000;

    private final FootprintReader reader;
    private final Consumer<Predicate<Claims>> rejudge;
    private final BooleanSupplier areSeen;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("revocation").daemon().factory());

    // Most looks are its: one takes some ten milliseconds of the processor, which what is live would wait for.
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(Niceness.background("policies"));

    private volatile Set<Long> tables = Set.of();

    // Guarded by this.
    private Set<String> values = new HashSet<>();
    private boolean isDue;

    // Touched by the timer's thread alone.
    private @Nullable Footprint last;
    private long judgedAt = System.nanoTime();

    /**
     * @param rejudge has all joins judged again, those whose claims fit first
     * @param areSeen waits a while until questions see what was observed; false when they still do not
     */
    RevocationWatch(FootprintReader reader, Consumer<Predicate<Claims>> rejudge, BooleanSupplier areSeen) {
        this.reader = reader;
        this.rejudge = rejudge;
        this.areSeen = areSeen;
    }

    void start() {
        // A thread of the background is made by a native call, for which a start has no time.
        timer.execute(this::look);
        timer.schedule(this::lookRegularly, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookRegularly() {
        looks.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Learns of a change. One thread, in order; never blocks. */
    void observe(Change change) {
        Relation relation = change.relation();
        if (relation == null || !tables.contains(Integer.toUnsignedLong(relation.oid()))) {
            return;
        }
        synchronized (this) {
            collect(change.before());
            collect(change.after());
            if (isDue) {
                return;
            }
            isDue = true;
        }
        schedule(Duration.ZERO);
    }

    private void schedule(Duration delay) {
        try {
            timer.schedule(this::rowsChanged, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The service ends, and every join with it.
            return;
        }
    }

    private void collect(@Nullable Row row) {
        for (int i = 0; row != null && i < row.size() && values.size() < MOST_VALUES; i++) {
            String text = row.text(i);
            if (text != null) {
                values.add(text);
            }
        }
    }

    private void rowsChanged() {
        Set<String> changed;
        synchronized (this) {
            changed = values;
            values = new HashSet<>();
            isDue = false;
        }
        boolean isFinal = false;
        try {
            boolean areAllSeen = areSeen.getAsBoolean();
            judgedAt = System.nanoTime();
            rejudge.accept(claims -> claims.subject() != null && changed.contains(claims.subject()));
            isFinal = areAllSeen;
        } catch (RuntimeException e) {
            LOG.error("Joins could not be judged again; it is tried once more", e);
        }
        if (!isFinal) {
            judgeAgain(changed);
        }
    }

    /** What was judged may have been judged by how it was before. */
    private void judgeAgain(Set<String> changed) {
        synchronized (this) {
            values.addAll(changed);
            if (isDue) {
                return;
            }
            isDue = true;
        }
        schedule(AGAIN);
    }

    private void look() {
        try {
            Footprint now = reader.of("realtime", "messages");
            tables = now.tables();
            timer.execute(() -> compare(now));
        } catch (RejectedExecutionException e) {
            // The service ends, and every join with it.
            return;
        } catch (SQLException | RuntimeException e) {
            LOG.warn("What the policies of channels read can't be looked up: {}", e.getMessage());
        }
    }

    private void compare(Footprint now) {
        boolean isNew = last != null && !last.equals(now);
        boolean isUnseenForLong = !now.isWhole() && System.nanoTime() - judgedAt >= UNSEEN.toNanos();
        try {
            if (isNew || isUnseenForLong) {
                judgedAt = System.nanoTime();
                rejudge.accept(claims -> false);
            }
            last = now;
        } catch (RuntimeException e) {
            LOG.error("Joins could not be judged again; it is tried once more with the next look", e);
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
        timer.shutdownNow();
    }
}
