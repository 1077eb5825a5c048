package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of which it is not known yet who may have them: asks Postgres, on virtual threads, fills the places that were
 * kept for them, and bounds how much waits. What can't be asked is withheld, and its audience told.
 */
final class LateDecisions {

    private static final Logger LOG = LoggerFactory.getLogger(LateDecisions.class);

    /** How many kilobytes of changes may be waiting for answers before capture is held back. */
    private static final int MOST_WAITING = 32_768;

    /** What a change is counted as at least, in kilobytes: its thread and its messages' frames count, too. */
    private static final int LEAST_WEIGHT = 16;

    /** How long Postgres is asked before the audiences are told that it does not answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ChannelHub hub;
    private final RowVisibility visibility;
    private final Database database;
    private final FilterQuestion filters;
    private final WithheldChanges withheldChanges;
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final LongAdder withheld = new LongAdder();

    LateDecisions(ChannelHub hub, RowVisibility visibility, Database database, WithheldChanges withheldChanges) {
        this.hub = hub;
        this.visibility = visibility;
        this.database = database;
        this.filters = new FilterQuestion(database);
        this.withheldChanges = withheldChanges;
    }

    /** Returns when there is room for it. */
    void admit(Decisions.Question question) throws InterruptedException {
        room.acquire(weight(question.change()));
    }

    /** Never more than there is, so that a huge change waits alone rather than for ever. */
    private static int weight(Change change) {
        return Math.min(MOST_WAITING, LEAST_WEIGHT + (bytes(change.before()) + bytes(change.after())) / 1024);
    }

    private static int bytes(@Nullable Row row) {
        return row == null ? 0 : row.bytes().length;
    }

    /** Asks, or fills its places at once where only others before it are waited for. */
    void start(WaitingChange waiting) {
        Set<FilterQuestion.Case> cases = waiting.cases();
        if (cases.isEmpty() && !waiting.hasUnknown()) {
            // Everything is decided; it only has to queue up behind what is not.
            finish(waiting, Set.of());
            return;
        }
        CompletableFuture<Set<FilterQuestion.Case>> answered = database.later(() -> ask(waiting, cases));
        answered.whenComplete((holding, failure) -> {
            if (failure == null) {
                finish(waiting, holding);
            } else {
                giveUp(waiting, failure);
            }
        });
    }

    private Set<FilterQuestion.Case> ask(WaitingChange waiting, Set<FilterQuestion.Case> cases) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Backoff backoff = new Backoff();
        while (true) {
            try {
                askWhoSees(waiting);
                return cases.isEmpty() ? Set.of() : filters.holding(cases);
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            } catch (SQLException | TimeoutException | ExecutionException e) {
                if (System.nanoTime() - end >= 0) {
                    throw new CompletionException(e);
                }
                pause(backoff);
            }
        }
    }

    /** All questions are on their way before an answer is waited for, so that they are asked together. */
    private void askWhoSees(WaitingChange waiting) throws InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Change change = waiting.question().change();
        Map<WaitingChange.Place, List<CompletableFuture<List<Share>>>> asked = new IdentityHashMap<>(1);
        for (WaitingChange.Place place : waiting.places()) {
            asked.put(
                    place,
                    place.unknown().stream()
                            .map(panel -> visibility.ask(change, panel).toCompletableFuture())
                            .toList());
        }
        for (Map.Entry<WaitingChange.Place, List<CompletableFuture<List<Share>>>> one : asked.entrySet()) {
            List<Share> shares = new ArrayList<>(2);
            for (CompletableFuture<List<Share>> answer : one.getValue()) {
                shares.addAll(answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
            }
            one.getKey().learn(shares);
        }
    }

    private static void pause(Backoff backoff) {
        try {
            backoff.sleep();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private void finish(WaitingChange waiting, Set<FilterQuestion.Case> holding) {
        Map<WaitingChange.Place, List<Portion>> decided = new IdentityHashMap<>(1);
        try {
            waiting.places().forEach(place -> decided.put(place, place.portions(holding)));
        } catch (RuntimeException e) {
            // Whatever it is, nobody may be left waiting behind it.
            giveUp(waiting, e);
            return;
        }
        fill(waiting, decided);
        waiting.places().forEach(place -> place.shares()
                .forEach(share -> withheldChanges.note(
                        waiting.question().name(), share.sight(), place.waiting(share.viewers()))));
        explainLate(waiting);
    }

    private void giveUp(WaitingChange waiting, Throwable failure) {
        withheld.increment();
        waiting.places()
                .forEach(place -> withheldChanges.noteUnasked(waiting.question().name(), place.viewers()));
        LOG.warn(
                "{} is withheld: Postgres could not be asked who may have it ({})",
                waiting.question().name(),
                String.valueOf(failure.getMessage()));
        try {
            waiting.places().forEach(place -> place.audience()
                    .members(place.seats())
                    .forEach(member -> member.accept("Realtime was unable to connect to the project database")));
        } finally {
            fill(waiting, Map.of());
        }
    }

    private void fill(WaitingChange waiting, Map<WaitingChange.Place, List<Portion>> decided) {
        try {
            waiting.places()
                    .forEach(place -> place.audience().fill(place.slot(), decided.getOrDefault(place, List.of())));
            if (Thread.currentThread().isVirtual() && isOneOfMany(waiting)) {
                // One answer decides many changes, each with a thread: the first to come back sends for all of them.
                Thread.yield();
            }
            for (WaitingChange.Place place : waiting.places()) {
                send(waiting, place);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            room.release(weight(waiting.question().change()));
        }
    }

    /** Whether others wait as well. */
    private boolean isOneOfMany(WaitingChange waiting) {
        return room.availablePermits() + weight(waiting.question().change()) < MOST_WAITING;
    }

    private void send(WaitingChange waiting, WaitingChange.Place place) throws InterruptedException {
        try {
            place.audience().send(place.seats(), hub);
        } catch (RuntimeException e) {
            // Nobody waits for it who could say so, and the other audiences are to get theirs.
            LOG.error(
                    "{} did not reach everybody who may have it",
                    waiting.question().name(),
                    e);
        }
    }

    private void explainLate(WaitingChange waiting) {
        if (!Decisions.isToBeExplained(waiting.question())) {
            return;
        }
        try {
            List<Dispatch> explanations = new ArrayList<>(0);
            Decisions.explain(waiting.question(), waiting.shares(), explanations);
            if (!explanations.isEmpty()) {
                hub.dispatch(explanations);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nothing waits. */
    boolean isQuiet() {
        return room.availablePermits() == MOST_WAITING;
    }

    /** Whether less than half as much waits as may. */
    boolean hasRoom() {
        return room.availablePermits() > MOST_WAITING / 2;
    }

    /** How many changes were withheld because Postgres could not be asked. */
    long withheld() {
        return withheld.sum();
    }
}
