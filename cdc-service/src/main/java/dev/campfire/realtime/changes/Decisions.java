package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns matches into messages: at once where filters and policies are decided, and otherwise when Postgres has been
 * asked, on a virtual thread. {@link #decide} is called by one thread, in the order of the changes.
 */
final class Decisions {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

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
    private final Registry registry;
    private final Semaphore room = new Semaphore(MOST_WAITING);

    Decisions(ChannelHub hub, RowVisibility visibility, Database database, Registry registry) {
        this.hub = hub;
        this.visibility = visibility;
        this.database = database;
        this.filters = new FilterQuestion(database);
        this.registry = registry;
    }

    /**
     * Decides about a change.
     *
     * @param ready what is to be sent so far, in order; what of this change can be sent is added, and all of it is sent
     *     before anything has to wait
     */
    void decide(MatchedChange change, Map<Audience, List<Registry.Match>> matches, List<Dispatch> ready)
            throws InterruptedException {
        List<Viewer> viewers = viewers(matches.keySet());
        List<@Nullable Sight> known = visibility.known(change.change(), viewers);
        Map<Viewer, Sight> sights = HashMap.newHashMap(viewers.size());
        for (int i = 0; i < viewers.size(); i++) {
            Sight sight = known.get(i);
            if (sight != null) {
                sights.put(viewers.get(i), sight);
            }
        }
        Map<Audience, List<Registry.Match>> undecided = new IdentityHashMap<>(0);
        Map<Audience, List<Message>> decided = new IdentityHashMap<>(matches.size());
        matches.forEach((audience, found) -> {
            Sight sight = sights.get(audience.viewer());
            if (sight == null || isUndecided(found) || !audience.isIdle()) {
                undecided.put(audience, found);
            } else {
                decided.put(audience, change.messages(audience, bindings(found, Set.of()), sight));
            }
        });
        explain(change, sights, matches.keySet(), decided);
        decided.forEach(
                (audience, messages) -> messages.forEach(message -> ready.add(new Dispatch(audience.key(), message))));
        if (!undecided.isEmpty()) {
            hub.dispatch(List.copyOf(ready));
            ready.clear();
            room.acquire(weight(change.change()));
            start(new Waiting(change, undecided, sights));
        }
    }

    /** Never more than there is, so that a huge change waits alone rather than for ever. */
    private static int weight(Change change) {
        return Math.min(MOST_WAITING, LEAST_WEIGHT + (bytes(change.before()) + bytes(change.after())) / 1024);
    }

    private static int bytes(@Nullable Row row) {
        return row == null ? 0 : row.bytes().length;
    }

    private static List<Viewer> viewers(Set<Audience> audiences) {
        if (audiences.size() == 1) {
            return List.of(audiences.iterator().next().viewer());
        }
        return audiences.stream().map(Audience::viewer).distinct().toList();
    }

    private static boolean isUndecided(List<Registry.Match> found) {
        for (Registry.Match match : found) {
            if (!match.undecided().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static List<ActiveBinding> bindings(List<Registry.Match> found, Set<FilterQuestion.Case> holding) {
        List<ActiveBinding> bindings = new ArrayList<>(found.size());
        for (Registry.Match match : found) {
            if (holding.containsAll(match.undecided())) {
                bindings.add(match.active());
            }
        }
        return bindings;
    }

    /** A change whose audiences wait, each in its place. */
    private final class Waiting {
        private final MatchedChange change;
        private final Map<Audience, List<Registry.Match>> matches;
        private final Map<Viewer, Sight> sights;
        private final Map<Audience, Audience.Slot> slots = new IdentityHashMap<>();

        Waiting(MatchedChange change, Map<Audience, List<Registry.Match>> matches, Map<Viewer, Sight> sights) {
            this.change = change;
            this.matches = matches;
            this.sights = new HashMap<>(sights);
            matches.keySet().forEach(audience -> slots.put(audience, audience.await()));
        }

        Set<FilterQuestion.Case> cases() {
            Set<FilterQuestion.Case> cases = new HashSet<>();
            matches.values().forEach(found -> found.forEach(match -> cases.addAll(match.undecided())));
            return cases;
        }

        List<Viewer> unseen() {
            return matches.keySet().stream()
                    .map(Audience::viewer)
                    .distinct()
                    .filter(viewer -> !sights.containsKey(viewer))
                    .toList();
        }
    }

    private void start(Waiting waiting) {
        Set<FilterQuestion.Case> cases = waiting.cases();
        List<Viewer> unseen = waiting.unseen();
        if (cases.isEmpty() && unseen.isEmpty()) {
            // Everything is decided; it only has to queue up behind what is not.
            finish(waiting, Set.of());
            return;
        }
        CompletableFuture<Set<FilterQuestion.Case>> answered = database.later(() -> ask(waiting, cases, unseen));
        answered.whenComplete((holding, failure) -> {
            if (failure == null) {
                finish(waiting, holding);
            } else {
                giveUp(waiting, failure);
            }
        });
    }

    private Set<FilterQuestion.Case> ask(Waiting waiting, Set<FilterQuestion.Case> cases, List<Viewer> unseen)
            throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Backoff backoff = new Backoff();
        while (true) {
            try {
                if (!unseen.isEmpty()) {
                    List<Sight> seen = visibility
                            .ask(waiting.change.change(), unseen)
                            .toCompletableFuture()
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    for (int i = 0; i < unseen.size(); i++) {
                        waiting.sights.put(unseen.get(i), seen.get(i));
                    }
                }
                return cases.isEmpty() ? Set.of() : filters.holding(cases);
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            } catch (SQLException | TimeoutException | java.util.concurrent.ExecutionException e) {
                if (System.nanoTime() - end >= 0) {
                    throw new CompletionException(e);
                }
                pause(backoff);
            }
        }
    }

    private static void pause(Backoff backoff) {
        try {
            backoff.sleep();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private void finish(Waiting waiting, Set<FilterQuestion.Case> holding) {
        Map<Audience, List<Message>> decided;
        try {
            decided = messages(waiting, holding);
        } catch (RuntimeException e) {
            // Whatever it is, nobody may be left waiting behind it.
            giveUp(waiting, e);
            return;
        }
        fill(waiting, decided);
    }

    private Map<Audience, List<Message>> messages(Waiting waiting, Set<FilterQuestion.Case> holding) {
        Map<Audience, List<Message>> decided = new IdentityHashMap<>();
        waiting.matches.forEach((audience, found) -> {
            Sight sight = waiting.sights.get(audience.viewer());
            decided.put(
                    audience,
                    sight == null ? List.of() : waiting.change.messages(audience, bindings(found, holding), sight));
        });
        explain(waiting.change, waiting.sights, waiting.matches.keySet(), decided);
        return decided;
    }

    private void giveUp(Waiting waiting, Throwable failure) {
        LOG.warn(
                "{} is withheld: Postgres could not be asked who may have it ({})",
                waiting.change.describe(),
                String.valueOf(failure.getMessage()));
        for (Audience audience : waiting.matches.keySet()) {
            for (Subscribing member : registry.members(audience)) {
                member.onFailure().accept("Realtime was unable to connect to the project database");
            }
        }
        fill(waiting, Map.of());
    }

    private void fill(Waiting waiting, Map<Audience, List<Message>> decided) {
        waiting.slots.forEach((audience, slot) -> audience.fill(slot, decided.getOrDefault(audience, List.of())));
        try {
            for (Audience audience : waiting.slots.keySet()) {
                audience.send(hub);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            room.release(weight(waiting.change.change()));
        }
    }

    /** Notes what is withheld and why, and tells those who asked for that. */
    private void explain(
            MatchedChange change,
            Map<Viewer, Sight> sights,
            Set<Audience> concerned,
            Map<Audience, List<Message>> decided) {
        if (sights.values().stream().allMatch(sight -> sight.withheldBecause() == null)) {
            return;
        }
        Set<String> reasons = new LinkedHashSet<>();
        sights.forEach((viewer, sight) -> {
            if (sight.withheldBecause() != null) {
                reasons.add("role " + viewer.role() + ": " + sight.withheldBecause());
            }
        });
        LOG.debug("{} withheld from {}", change.describe(), reasons);
        for (Audience audience : concerned) {
            List<Message> messages = decided.get(audience);
            if (audience.explains() && messages != null) {
                List<Message> more = new ArrayList<>(messages);
                more.addAll(change.explanations(reasons));
                decided.put(audience, more);
            }
        }
    }
}
