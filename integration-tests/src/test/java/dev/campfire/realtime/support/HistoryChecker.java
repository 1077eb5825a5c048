package dev.campfire.realtime.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what a client received on a channel with what Postgres holds. */
public final class HistoryChecker {

    private final List<Delivery> received;

    private HistoryChecker(List<Delivery> received) {
        this.received = List.copyOf(received);
    }

    public static HistoryChecker of(List<Delivery> received) {
        return new HistoryChecker(received);
    }

    /** No event came twice, whether by its position or by the row that it tells of. */
    public HistoryChecker hasNoDuplicates() {
        Map<String, Integer> times = new HashMap<>();
        received.forEach(delivery -> times.merge(delivery.id() + " " + delivery.event(), 1, Integer::sum));
        times.values().removeIf(count -> count == 1);
        assertThat(times).as("events received more than once").isEmpty();
        return this;
    }

    /** Positions only grow: the order of the channel is the order of the history. */
    public HistoryChecker isInOrder() {
        for (int i = 1; i < received.size(); i++) {
            assertThat(received.get(i).id())
                    .as("position of message %d", i)
                    .isGreaterThan(received.get(i - 1).id());
        }
        return this;
    }

    /** The rows are exactly these, in this order, by the text of one column. */
    public HistoryChecker hasExactlyInOrder(String column, List<String> expected) {
        List<String> actual =
                received.stream().map(d -> d.record(column).asText()).toList();
        if (actual.equals(expected)) {
            return this;
        }
        Set<String> missing = new HashSet<>(expected);
        actual.forEach(missing::remove);
        Set<String> strange = new HashSet<>(actual);
        expected.forEach(strange::remove);
        int place = 0;
        while (place < Math.min(actual.size(), expected.size())
                && actual.get(place).equals(expected.get(place))) {
            place++;
        }
        throw new AssertionError("received " + actual.size() + " of " + expected.size() + " rows: " + missing.size()
                + " missing, " + strange.size() + " not expected; the first difference is at " + place
                + "; missing: " + missing.stream().limit(5).toList());
    }
}
