package dev.campfire.realtime.channel;

import dev.campfire.realtime.mapping.Position;
import java.util.ArrayList;
import java.util.List;

/** What was kept aside for several subscriptions of one topic, put into one order. */
final class HeldMessages {

    private HeldMessages() {}

    /** Gives everything to the first of the subscriptions: they write the same frames to the same outlet. */
    static void gather(List<Subscription> subscriptions) {
        Subscription first = null;
        for (Subscription subscription : subscriptions) {
            if (subscription.held == null) {
                continue;
            }
            if (first == null || first.held == null) {
                first = subscription;
            } else {
                first.held = merge(first.held, subscription.held);
                subscription.held.clear();
            }
        }
    }

    /** In the order of positions; what has none stays where it was among its own. */
    static List<Message> merge(List<Message> left, List<Message> right) {
        List<Message> merged = new ArrayList<>(left.size() + right.size());
        int l = 0;
        int r = 0;
        while (l < left.size() && r < right.size()) {
            Position ofLeft = left.get(l).position();
            Position ofRight = right.get(r).position();
            boolean isLeftFirst = ofLeft == null || ofRight != null && ofLeft.compareTo(ofRight) <= 0;
            merged.add(isLeftFirst ? left.get(l++) : right.get(r++));
        }
        merged.addAll(left.subList(l, left.size()));
        merged.addAll(right.subList(r, right.size()));
        return merged;
    }
}
