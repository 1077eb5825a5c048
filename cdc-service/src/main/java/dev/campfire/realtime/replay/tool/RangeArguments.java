package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.replay.EventSelection;
import dev.campfire.realtime.replay.MalformedRequestException;
import dev.campfire.realtime.replay.ReplayRequest;
import dev.campfire.realtime.replay.Start;
import dev.campfire.realtime.replay.Stop;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be played, as it was said: understood here in the same way as by a server. */
public record RangeArguments(
        @Nullable String from,
        @Nullable String after,
        @Nullable String to,
        boolean isFollowing,
        List<String> channels,
        List<String> events,
        List<String> tables,
        long limit,
        boolean crossesGaps) {

    public RangeArguments {
        channels = List.copyOf(channels);
        events = List.copyOf(events);
        tables = List.copyOf(tables);
    }

    /** The same from another place on. */
    public RangeArguments behind(String position) {
        return new RangeArguments(null, position, to, isFollowing, channels, events, tables, limit, crossesGaps);
    }

    /** The same, with so many events less. */
    RangeArguments less(long events) {
        long left = limit == Long.MAX_VALUE ? limit : limit - events;
        return new RangeArguments(from, after, to, isFollowing, channels, this.events, tables, left, crossesGaps);
    }

    /** @throws MalformedRequestException when something of it is not understood */
    public ReplayRequest request() throws MalformedRequestException {
        return new ReplayRequest(
                Start.parse(from, after),
                Stop.parse(to, isFollowing),
                EventSelection.parse(channels, events, tables),
                limit,
                crossesGaps);
    }

    /** The same as the query of an address. */
    String query() {
        List<String> parts = new ArrayList<>();
        add(parts, "from", from);
        add(parts, "after", after);
        add(parts, "to", to);
        channels.forEach(channel -> add(parts, "channel", channel));
        events.forEach(event -> add(parts, "event", event));
        tables.forEach(table -> add(parts, "table", table));
        add(parts, "limit", limit == Long.MAX_VALUE ? null : Long.toString(limit));
        add(parts, "follow", isFollowing ? "true" : null);
        add(parts, "over_gaps", crossesGaps ? "true" : null);
        return String.join("&", parts);
    }

    private static void add(List<String> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
