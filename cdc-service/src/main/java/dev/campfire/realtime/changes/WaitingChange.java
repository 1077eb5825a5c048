package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.channel.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of which some seats wait, each in its place. */
final class WaitingChange {

    private final Decisions.Question question;
    private final List<Place> places = new ArrayList<>(1);
    private final List<Share> elsewhere = new ArrayList<>(0);

    /** Where some of an audience wait, and what is known of what they see. */
    static final class Place {
        private final Decisions.Judged judged;
        private final List<Seat> seats;
        private final Seat.Slot slot;
        private List<Share> answers = List.of();

        private Place(Decisions.Judged judged, List<Seat> seats, long sequence) {
            this.judged = judged;
            this.seats = seats;
            this.slot = judged.audience().await(judged.all(), seats, sequence);
        }

        Audience audience() {
            return judged.audience();
        }

        List<Seat> seats() {
            return seats;
        }

        Seat.Slot slot() {
            return slot;
        }

        Set<FilterQuestion.Case> cases() {
            return judged.offer().undecided();
        }

        /** Those about whom Postgres is asked. */
        List<Panel> unknown() {
            return judged.unknown();
        }

        /** What Postgres has said of them. */
        void learn(List<Share> said) {
            answers = said;
        }

        /** What is seen, as far as it is known, also by those who do not wait. */
        List<Share> shares() {
            List<Share> shares = new ArrayList<>(judged.shares());
            shares.addAll(answers);
            return shares;
        }

        /** What comes of that for those who wait. */
        List<Portion> portions(Set<FilterQuestion.Case> holding) {
            List<Portion> portions = new ArrayList<>(2);
            for (Share share : shares()) {
                List<Message> messages = judged.offer().messages(share.sight(), holding);
                if (!messages.isEmpty()) {
                    portions.add(new Portion(share.viewers(), messages));
                }
            }
            return portions;
        }

        /** Those of some viewers who wait. */
        Set<Viewer> waiting(Set<Viewer> some) {
            if (seats == judged.all().seats()) {
                return some;
            }
            Set<Viewer> waiting = new HashSet<>();
            for (Seat seat : seats) {
                if (some.contains(seat.viewer())) {
                    waiting.add(seat.viewer());
                }
            }
            return waiting;
        }

        Set<Viewer> viewers() {
            return waiting(judged.all().set());
        }
    }

    /**
     * Takes the places.
     *
     * @param everywhere all audiences of the change
     * @param undecided those of them where some wait, and who does
     */
    WaitingChange(
            Decisions.Question question,
            List<Decisions.Judged> everywhere,
            Map<Decisions.Judged, List<Seat>> undecided) {
        this.question = question;
        for (Decisions.Judged judged : everywhere) {
            List<Seat> seats = undecided.get(judged);
            if (seats == null) {
                elsewhere.addAll(judged.shares());
            } else {
                places.add(new Place(judged, seats, question.sequence()));
            }
        }
    }

    Decisions.Question question() {
        return question;
    }

    List<Place> places() {
        return places;
    }

    /** What is seen of the change in all audiences, as far as it is known. */
    List<Share> shares() {
        List<Share> shares = new ArrayList<>(elsewhere);
        places.forEach(place -> shares.addAll(place.shares()));
        return shares;
    }

    Set<FilterQuestion.Case> cases() {
        Set<FilterQuestion.Case> cases = new HashSet<>();
        places.forEach(place -> cases.addAll(place.cases()));
        return cases;
    }

    boolean hasUnknown() {
        for (Place place : places) {
            if (!place.unknown().isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
