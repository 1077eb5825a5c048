package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.database.Database;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns offers into messages: at once for those seats where filters and policies are decided; for the others Postgres is
 * asked. {@link #decide} is called by one thread, in the order of the changes.
 */
final class Decisions {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

    private final ChannelHub hub;
    private final RowVisibility visibility;
    private final LateDecisions late;
    private final WithheldChanges withheldChanges = new WithheldChanges();

    Decisions(ChannelHub hub, RowVisibility visibility, Database database) {
        this.hub = hub;
        this.visibility = visibility;
        this.late = new LateDecisions(hub, visibility, database, withheldChanges);
    }

    /**
     * What is to be decided.
     *
     * @param name operation and table, nothing of the row
     * @param sequence the change's number
     * @param offers what each audience is offered
     */
    record Question(Change change, String name, long sequence, Map<Audience, Offer> offers) {}

    /**
     * Decides about a change of a row.
     *
     * @param ready what is to be sent so far, in order; what of this change can be sent is added, and all of it is sent
     *     before anything has to wait
     */
    void decide(Question question, List<Dispatch> ready) throws InterruptedException {
        if (question.offers().size() == 1 && decideAtOnce(question, ready)) {
            return;
        }
        Map<Audience, Audience.Everybody> present =
                new IdentityHashMap<>(question.offers().size());
        question.offers().keySet().forEach(audience -> present.put(audience, audience.everybody()));
        List<Viewer> viewers = viewers(present.values());
        List<@Nullable Sight> known = visibility.known(question.change(), viewers);
        Map<Viewer, Sight> sights = HashMap.newHashMap(viewers.size());
        boolean isAllKnown = true;
        for (int i = 0; i < viewers.size(); i++) {
            Sight sight = known.get(i);
            if (sight != null) {
                sights.put(viewers.get(i), sight);
            } else {
                isAllKnown = false;
            }
        }
        Map<Audience, List<Seat>> undecided = new IdentityHashMap<>(0);
        for (Map.Entry<Audience, Offer> offer : question.offers().entrySet()) {
            Audience audience = offer.getKey();
            Audience.Everybody all = present.get(audience);
            if (all != null) {
                List<Seat> waiting = isAllKnown
                                && audience.isIdle()
                                && offer.getValue().undecided().isEmpty()
                        ? List.of()
                        : waiting(audience, all, offer.getValue(), sights);
                send(question, audience, all, waiting, sights, ready);
                if (!waiting.isEmpty()) {
                    undecided.put(audience, waiting);
                }
            }
        }
        if (undecided.isEmpty()) {
            explain(question, sights, ready);
        } else {
            hub.dispatch(List.copyOf(ready));
            ready.clear();
            late.admit(question);
            late.start(new WaitingChange(question, undecided, sights));
        }
    }

    /** What most changes are: one audience, all of whom see the same, and nothing to be asked; false for all others. */
    private boolean decideAtOnce(Question question, List<Dispatch> ready) {
        Map.Entry<Audience, Offer> only =
                question.offers().entrySet().iterator().next();
        Audience audience = only.getKey();
        Offer offer = only.getValue();
        if (offer.explains() || LOG.isDebugEnabled() || !offer.undecided().isEmpty() || !audience.isIdle()) {
            return false;
        }
        Audience.Everybody all = audience.everybody();
        Sight common = null;
        for (Sight sight : visibility.known(question.change(), all.viewers())) {
            if (sight == null || common != null && sight != common) {
                return false;
            }
            common = sight;
        }
        if (common != null) {
            withheldChanges.note(question.name(), common, all.viewers());
            for (Message message : offer.messages(common, Set.of())) {
                ready.add(new Dispatch(audience.key(), message, all.set()));
            }
        }
        return true;
    }

    private static List<Seat> waiting(
            Audience audience, Audience.Everybody all, Offer offer, Map<Viewer, Sight> sights) {
        return offer.undecided().isEmpty() ? audience.waiting(all.seats(), sights::containsKey) : all.seats();
    }

    /** Sends to those who do not wait; in most cases all of them see the same. */
    private void send(
            Question question,
            Audience audience,
            Audience.Everybody all,
            List<Seat> waiting,
            Map<Viewer, Sight> sights,
            List<Dispatch> ready) {
        Offer offer = question.offers().get(audience);
        if (offer == null || waiting.size() == all.seats().size()) {
            return;
        }
        Sight common = waiting.isEmpty() ? common(all, sights) : null;
        if (common != null) {
            withheldChanges.note(question.name(), common, all.viewers());
            for (Message message : offer.messages(common, Set.of())) {
                ready.add(new Dispatch(audience.key(), message, all.set()));
            }
            return;
        }
        Set<Seat> left = waiting.isEmpty() ? Set.of() : new HashSet<>(waiting);
        Map<Sight, Set<Viewer>> bySight = new IdentityHashMap<>(2);
        Sight last = null;
        Set<Viewer> same = null;
        for (Seat seat : all.seats()) {
            Sight sight = sights.get(seat.viewer());
            if (sight != null && !left.contains(seat)) {
                if (sight != last || same == null) {
                    same = bySight.computeIfAbsent(
                            sight, any -> HashSet.newHashSet(all.seats().size()));
                    last = sight;
                }
                same.add(seat.viewer());
            }
        }
        bySight.forEach((sight, viewers) -> {
            withheldChanges.note(question.name(), sight, viewers);
            List<Message> messages = offer.messages(sight, Set.of());
            Set<Viewer> only = messages.isEmpty() ? viewers : audience.shared(viewers);
            for (Message message : messages) {
                ready.add(new Dispatch(audience.key(), message, only));
            }
        });
    }

    /** What all of them see; null when they do not see the same. */
    private static @Nullable Sight common(Audience.Everybody all, Map<Viewer, Sight> sights) {
        Sight common = null;
        for (Viewer viewer : all.viewers()) {
            Sight sight = sights.get(viewer);
            if (sight == null || common != null && sight != common) {
                return null;
            }
            common = sight;
        }
        return common;
    }

    private static List<Viewer> viewers(Collection<Audience.Everybody> present) {
        if (present.size() == 1) {
            return present.iterator().next().viewers();
        }
        Set<Viewer> viewers = new LinkedHashSet<>();
        present.forEach(all -> viewers.addAll(all.viewers()));
        return List.copyOf(viewers);
    }

    /** Notes what is withheld and why, and tells those who asked for that. */
    static void explain(Question question, Map<Viewer, Sight> sights, List<Dispatch> ready) {
        boolean isTold = false;
        for (Offer offer : question.offers().values()) {
            isTold |= offer.explains();
        }
        if (!isTold && !LOG.isDebugEnabled()) {
            return;
        }
        Set<String> reasons = new LinkedHashSet<>();
        sights.forEach((viewer, sight) -> {
            if (sight.withheldBecause() != null) {
                reasons.add("role " + viewer.role() + ": " + sight.withheldBecause());
            }
        });
        if (reasons.isEmpty()) {
            return;
        }
        LOG.debug("{} withheld from {}", question.name(), reasons);
        question.offers().forEach((audience, offer) -> {
            if (offer.explains()) {
                Set<Viewer> only = audience.everybody().set();
                for (Message message : Explanations.of(question.name(), question.sequence(), reasons)) {
                    ready.add(new Dispatch(audience.key(), message, only));
                }
            }
        });
    }

    /** What was withheld, by reason. */
    WithheldChanges withheldChanges() {
        return withheldChanges;
    }

    /** Those about which Postgres is being asked. */
    LateDecisions late() {
        return late;
    }
}
