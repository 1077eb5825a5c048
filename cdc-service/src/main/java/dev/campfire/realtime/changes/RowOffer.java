package dev.campfire.realtime.changes;

import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.channel.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A change that those who subscribed to {@code postgres_changes} are offered. */
record RowOffer(MatchedChange change, Subscribers subscribers, List<Registry.Match> found) implements Offer {

    @Override
    public Set<FilterQuestion.Case> undecided() {
        Set<FilterQuestion.Case> cases = Set.of();
        for (Registry.Match match : found) {
            if (!match.undecided().isEmpty()) {
                cases = new HashSet<>(cases);
                cases.addAll(match.undecided());
            }
        }
        return cases;
    }

    @Override
    public List<Message> messages(Sight sight, Set<FilterQuestion.Case> holding) {
        List<Registry.Match> matching = found;
        for (Registry.Match match : found) {
            if (!match.undecided().isEmpty()) {
                matching = found.stream()
                        .filter(any -> holding.containsAll(any.undecided()))
                        .toList();
                break;
            }
        }
        return change.messages(subscribers.form(), matching, sight);
    }

    @Override
    public boolean explains() {
        return subscribers.explains();
    }
}
