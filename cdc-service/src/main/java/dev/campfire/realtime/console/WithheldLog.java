package dev.campfire.realtime.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.campfire.realtime.changes.WithheldChanges;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was withheld and why, with the time when it happened last: to the second in which it was looked at. */
final class WithheldLog {

    private final List<Lane> lanes;
    private final InstantSource clock;

    // Guarded by this.
    private final Map<Line, Entry> entries = new HashMap<>();

    /** @param name what its messages are called by clients */
    record Lane(String name, WithheldChanges withheld) {}

    private record Line(String lane, WithheldChanges.Cause cause) {}

    private record Entry(long count, Instant last) {}

    WithheldLog(List<Lane> lanes, InstantSource clock) {
        this.lanes = List.copyOf(lanes);
        this.clock = clock;
    }

    /** Looks whether something was added. */
    synchronized void tick() {
        Instant now = clock.instant();
        for (Lane lane : lanes) {
            lane.withheld().counts().forEach((cause, count) -> {
                Line line = new Line(lane.name(), cause);
                Entry before = entries.get(line);
                if (before == null || before.count() != count) {
                    entries.put(line, new Entry(count, now));
                }
            });
        }
    }

    /** Adds the lines to a list, the latest first. */
    synchronized void addTo(ArrayNode list, int limit) {
        entries.entrySet().stream()
                .sorted(Comparator.comparing(
                        (Map.Entry<Line, Entry> entry) -> entry.getValue().last(), Comparator.reverseOrder()))
                .limit(limit)
                .forEach(entry -> list.addObject()
                        .put("lane", entry.getKey().lane())
                        .put("change", entry.getKey().cause().change())
                        .put("role", entry.getKey().cause().role())
                        .put("reason", entry.getKey().cause().reason())
                        .put("count", entry.getValue().count())
                        .put("last", entry.getValue().last().toString()));
    }
}
