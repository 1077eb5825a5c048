package dev.campfire.realtime.replay.tool;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what would go out, for each channel and event, and sends nothing. */
final class Counting implements Destination {

    /** So many are counted one by one; what is beyond is counted together. */
    private static final int MOST = 10_000;

    private static final Key OTHERS = new Key("(others)", "");

    private final Map<Key, Tally> tallies = new HashMap<>();
    private @Nullable Told first;
    private @Nullable Told last;
    private long events;
    private long bytes;

    /** What is counted together. */
    private record Key(String channel, String event) {}

    private static final class Tally {
        private long events;
    }

    @Override
    public void take(Told event) {
        first = first == null ? event : first;
        last = event;
        events++;
        bytes += event.json().length + 1L;
        Key key = new Key(event.channel(), event.event());
        Tally tally = tallies.get(key);
        if (tally == null) {
            tally = tallies.computeIfAbsent(tallies.size() < MOST ? key : OTHERS, any -> new Tally());
        }
        tally.events++;
    }

    @Override
    public void flush() {}

    @Override
    public @Nullable String acknowledged() {
        return null;
    }

    private List<Map.Entry<Key, Tally>> sorted() {
        return tallies.entrySet().stream()
                .sorted(Comparator.<Map.Entry<Key, Tally>>comparingLong(each -> -each.getValue().events)
                        .thenComparing(each -> each.getKey().channel())
                        .thenComparing(each -> each.getKey().event()))
                .toList();
    }

    /** @param most how many lines of channels and events at most */
    void print(PrintWriter out, int most) {
        out.printf(Locale.ROOT, "%,d events, %,d bytes%n", events, bytes);
        if (first != null && last != null) {
            out.printf("  from  %s  %s%n", first.position(), first.committed());
            out.printf("  to    %s  %s%n", last.position(), last.committed());
        }
        List<Map.Entry<Key, Tally>> sorted = sorted();
        for (Map.Entry<Key, Tally> each : sorted.subList(0, Math.min(most, sorted.size()))) {
            Key key = each.getKey();
            out.printf(Locale.ROOT, "  %,12d  %-28s %s%n", each.getValue().events, key.event(), key.channel());
        }
        if (sorted.size() > most) {
            out.printf(Locale.ROOT, "  and %,d more channels and events (--json has all)%n", sorted.size() - most);
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("events", events).put("bytes", bytes);
        json.set("from", place(first));
        json.set("to", place(last));
        ArrayNode counts = json.putArray("counts");
        sorted().forEach(each -> counts.addObject()
                .put("channel", each.getKey().channel())
                .put("event", each.getKey().event())
                .put("events", each.getValue().events));
        return json;
    }

    private static @Nullable ObjectNode place(@Nullable Told event) {
        return event == null
                ? null
                : JsonNodeFactory.instance
                        .objectNode()
                        .put("position", event.position())
                        .put("commit_timestamp", event.committed().toString());
    }
}
