package dev.campfire.realtime.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.ChannelKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;

/** The channels that have subscribers, those with most of them first; never more than are asked for. */
final class ChannelTable {

    private static final Comparator<Row> BY_SUBSCRIBERS = Comparator.comparingInt(Row::subscribers)
            .thenComparing(row -> row.key().name(), Comparator.reverseOrder())
            .thenComparing(row -> row.key().side());

    private record Row(ChannelKey key, int subscribers) {}

    private ChannelTable() {}

    /**
     * Goes once over all channels, keeping no more than asked for.
     *
     * @param search what the name is to contain, in any case; empty for all
     */
    static ObjectNode of(Map<ChannelKey, Integer> subscribers, String search, int limit) {
        String wanted = search.toLowerCase(Locale.ROOT);
        PriorityQueue<Row> most = new PriorityQueue<>(BY_SUBSCRIBERS);
        int all = 0;
        int found = 0;
        for (Map.Entry<ChannelKey, Integer> entry : subscribers.entrySet()) {
            ChannelKey key = entry.getKey();
            all++;
            if (!wanted.isEmpty() && !key.name().toLowerCase(Locale.ROOT).contains(wanted)) {
                continue;
            }
            found++;
            Row row = new Row(key, entry.getValue());
            if (most.size() < limit) {
                most.add(row);
            } else if (BY_SUBSCRIBERS.compare(row, most.peek()) > 0) {
                most.poll();
                most.add(row);
            }
        }
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("total", all).put("found", found);
        ArrayNode list = json.putArray("channels");
        List<Row> sorted = new ArrayList<>(most);
        sorted.sort(BY_SUBSCRIBERS.reversed());
        for (Row row : sorted) {
            list.addObject()
                    .put("name", row.key().name())
                    .put("kind", row.key().side().name().toLowerCase(Locale.ROOT))
                    .put("subscribers", row.subscribers());
        }
        return json;
    }
}
