package dev.campfire.realtime.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Follower.Received;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a client knows of the rows of a channel that applies events in their order, and what must never be among them. Rows are
 * messages whose content is {@code name:version}; every change of a row makes its version larger.
 */
public final class RowHistory {

    private final Map<String, String> rows = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Set<String> created = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();
    private int backfilled;

    private RowHistory() {}

    /** Applies all events, and fails at the first that should not have come. */
    public static RowHistory of(List<Received> events, String hint) {
        RowHistory history = new RowHistory();
        for (int i = 0; i < events.size(); i++) {
            Received event = events.get(i);
            if (i > 0) {
                assertThat(event.id()).as(hint).isGreaterThan(events.get(i - 1).id());
                assertThat(event.sequence())
                        .as(hint)
                        .isEqualTo(events.get(i - 1).sequence() + 1);
            }
            history.apply(event, hint + ": event " + i + " of " + events.size() + ", " + event);
        }
        return history;
    }

    private void apply(Received event, String hint) {
        switch (event.event()) {
            case "message:created" -> {
                assertThat(created.add(event.row())).as("told once; " + hint).isTrue();
                backfilled += event.isBackfilled() ? 1 : 0;
                put(event, hint);
            }
            case "message:updated" -> put(event, hint);
            case "message:deleted" -> {
                rows.remove(event.row());
                deleted.add(event.row());
            }
            default -> {}
        }
    }

    private void put(Received event, String hint) {
        int version = Integer.parseInt(event.content().split(":")[1]);
        assertThat(deleted).as("gone for ever; " + hint).doesNotContain(event.row());
        assertThat(version).as("never older; " + hint).isGreaterThanOrEqualTo(versions.getOrDefault(event.row(), 0));
        versions.put(event.row(), version);
        rows.put(event.row(), event.content());
    }

    /** The rows that there are at the end: content by id. */
    public Map<String, String> rows() {
        return rows;
    }

    /** The rows that were told of as created. */
    public Set<String> created() {
        return created;
    }

    /** How many of them had been there before. */
    public int backfilled() {
        return backfilled;
    }
}
