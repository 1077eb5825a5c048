package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Judgement;
import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.RowVisibility;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Dispatch;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.database.Database;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
     * What an audience is offered, and what is known of who may have it.
     *
     * @param all who were there when that was found out
     * @param shares what is seen, as far as it is known
     * @param unknown those of whom it is not; the audience's own panels where nothing is known of anybody in one
     */
    record Judged(Audience audience, Offer offer, Audience.Everybody all, List<Share> shares, List<Panel> unknown) {

        /** Those to whom nothing can be sent now. */
        List<Seat> waiting() {
            if (!offer.undecided().isEmpty() || shares.isEmpty()) {
                return all.seats();
            }
            if (unknown.isEmpty() && audience.isIdle()) {
                return List.of();
            }
            return audience.waiting(all, unknown);
        }
    }

    /**
     * Decides about a change of a row.
     *
     * @param ready what is to be sent so far, in order; what of this change can be sent is added, and all of it is sent
     *     before anything has to wait
     */
    void decide(Question question, List<Dispatch> ready) throws InterruptedException {
        List<Judged> everywhere = new ArrayList<>(question.offers().size());
        question.offers().forEach((audience, offer) -> {
            everywhere.add(judge(question.change(), audience, offer));
        });
        Map<Judged, List<Seat>> undecided = new IdentityHashMap<>(0);
        for (Judged judged : everywhere) {
            List<Seat> waiting = judged.waiting();
            send(question, judged, waiting, ready);
            if (!waiting.isEmpty()) {
                undecided.put(judged, waiting);
            }
        }
        if (undecided.isEmpty()) {
            if (isToBeExplained(question)) {
                List<Share> shares = new ArrayList<>();
                everywhere.forEach(judged -> shares.addAll(judged.shares()));
                explain(question, shares, ready);
            }
            return;
        }
        hub.dispatch(List.copyOf(ready));
        ready.clear();
        late.admit(question);
        late.start(new WaitingChange(question, everywhere, undecided));
    }

    private Judged judge(Change change, Audience audience, Offer offer) {
        Audience.Everybody all = audience.everybody();
        List<Share> shares = new ArrayList<>(2);
        List<Panel> unknown = new ArrayList<>(0);
        for (Panel panel : all.panels()) {
            Judgement some = visibility.known(change, panel);
            shares.addAll(some.shares());
            if (some.isNothing()) {
                unknown.add(panel);
            } else if (!some.isWhole()) {
                unknown.addAll(Panel.of(some.unknown()));
            }
        }
        return new Judged(audience, offer, all, shares, unknown);
    }

    /** Sends to those who do not wait. */
    private void send(Question question, Judged judged, List<Seat> waiting, List<Dispatch> ready) {
        if (waiting.size() == judged.all().seats().size()) {
            return;
        }
        Set<Viewer> left = HashSet.newHashSet(waiting.size());
        waiting.forEach(seat -> left.add(seat.viewer()));
        for (Share share : judged.shares()) {
            Set<Viewer> viewers = without(share.viewers(), left);
            if (!viewers.isEmpty()) {
                withheldChanges.note(question.name(), share.sight(), viewers);
                List<Message> messages = judged.offer().messages(share.sight(), Set.of());
                Set<Viewer> only = left.isEmpty() || messages.isEmpty()
                        ? viewers
                        : judged.audience().shared(viewers);
                for (Message message : messages) {
                    ready.add(new Dispatch(judged.audience().key(), message, only));
                }
            }
        }
    }

    private static Set<Viewer> without(Set<Viewer> some, Set<Viewer> others) {
        if (others.isEmpty()) {
            return some;
        }
        Set<Viewer> rest = HashSet.newHashSet(some.size());
        for (Viewer viewer : some) {
            if (!others.contains(viewer)) {
                rest.add(viewer);
            }
        }
        return rest;
    }

    /** Whether anybody wants to know why others do not get a change. */
    static boolean isToBeExplained(Question question) {
        if (LOG.isDebugEnabled()) {
            return true;
        }
        for (Offer offer : question.offers().values()) {
            if (offer.explains()) {
                return true;
            }
        }
        return false;
    }

    /** Notes what is withheld and why, and tells those who asked for that. */
    static void explain(Question question, List<Share> shares, List<Dispatch> ready) {
        Set<String> reasons = new LinkedHashSet<>();
        for (Share share : shares) {
            String because = share.sight().withheldBecause();
            if (because != null) {
                reasons.add("role " + share.viewers().iterator().next().role() + ": " + because);
            }
        }
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
