package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of which some seats wait, each in its place. */
final class WaitingChange {
    private final Decisions.Question question;
    private final Map<Audience, List<Seat>> seats;
    private final Map<Audience, Seat.Slot> slots = new IdentityHashMap<>();
    private Map<Viewer, Sight> sights;

    WaitingChange(Decisions.Question question, Map<Audience, List<Seat>> seats, Map<Viewer, Sight> sights) {
        this.question = question;
        this.seats = seats;
        this.sights = sights;
        seats.forEach((audience, some) -> slots.put(audience, audience.await(some, question.sequence())));
    }

    Decisions.Question question() {
        return question;
    }

    Map<Audience, List<Seat>> seats() {
        return seats;
    }

    Map<Audience, Seat.Slot> slots() {
        return slots;
    }

    /** What each viewer sees, as far as it is known. */
    Map<Viewer, Sight> sights() {
        return sights;
    }

    Set<FilterQuestion.Case> cases() {
        Set<FilterQuestion.Case> cases = new HashSet<>();
        seats.keySet().forEach(audience -> cases.addAll(offer(audience).undecided()));
        return cases;
    }

    Offer offer(Audience audience) {
        Offer offer = question.offers().get(audience);
        if (offer == null) {
            throw new IllegalStateException("nothing was offered");
        }
        return offer;
    }

    Set<Viewer> viewers() {
        Set<Viewer> viewers = new HashSet<>();
        seats.values().forEach(some -> some.forEach(seat -> viewers.add(seat.viewer())));
        return viewers;
    }

    void learn(Map<Viewer, Sight> seen) {
        if (sights.isEmpty()) {
            sights = seen;
        } else {
            sights.putAll(seen);
        }
    }

    List<Viewer> unseen() {
        if (sights.isEmpty() && seats.size() == 1) {
            Map.Entry<Audience, List<Seat>> only = seats.entrySet().iterator().next();
            Audience.Everybody all = only.getKey().everybody();
            if (all.seats() == only.getValue()) {
                // The same object from change to change, so that answers can be shared.
                return all.viewers();
            }
        }
        Set<Viewer> unseen = new LinkedHashSet<>();
        seats.values()
                .forEach(some -> some.forEach(seat -> {
                    if (!sights.containsKey(seat.viewer())) {
                        unseen.add(seat.viewer());
                    }
                }));
        return List.copyOf(unseen);
    }
}
