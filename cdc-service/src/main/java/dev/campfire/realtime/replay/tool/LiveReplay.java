package dev.campfire.realtime.replay.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has a running service publish events into their channels once more, and watches it. Ends it by ending the connection. */
final class LiveReplay {

    private final ServerCalls calls;
    private final RangeArguments range;
    private final String speed;
    private final ProgressBar bar;
    private long events;
    private long gaps;
    private @Nullable String position;

    LiveReplay(ServerCalls calls, RangeArguments range, String speed, ProgressBar bar) {
        this.calls = calls;
        this.range = range;
        this.speed = speed;
        this.bar = bar;
    }

    /** Returns when all is published. */
    void run() throws IOException, InterruptedException, LostException {
        try (InputStream answer = calls.post("/api/journal/replay", body());
                LineReader lines = new LineReader(answer)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (isEnd(ControlReader.control(line))) {
                    return;
                }
            }
        }
        throw new IOException("The server ended the replay before its end" + behind());
    }

    private boolean isEnd(JsonNode line) throws IOException, LostException {
        switch (line.path("control").asText()) {
            case "gap" -> {
                LostException lost = ControlReader.lost(line);
                if (!range.crossesGaps()) {
                    throw lost;
                }
                gaps++;
                bar.notice("campfire: " + lost.getMessage() + " Going on behind " + lost.oldest() + ".");
                return false;
            }
            case "at", "end" -> {
                Progress progress = ControlReader.progress(line);
                events = progress.events();
                position = progress.position() == null ? position : progress.position();
                bar.show(progress, events, false);
                return line.path("control").asText().equals("end");
            }
            default ->
                throw new IOException(
                        "The server can't go on: " + line.path("message").asText() + behind());
        }
    }

    private String behind() {
        return position == null ? "" : "; it had come to " + position;
    }

    private String body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        put(body, "from", range.from());
        put(body, "after", range.after());
        put(body, "to", range.to());
        put(body, "channel", range.channels());
        put(body, "event", range.events());
        put(body, "table", range.tables());
        if (range.limit() < Long.MAX_VALUE) {
            body.put("limit", range.limit());
        }
        body.put("over_gaps", range.crossesGaps());
        body.put("speed", speed);
        return body.toString();
    }

    private static void put(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static void put(ObjectNode body, String name, List<String> values) {
        ArrayNode array = body.putArray(name);
        values.forEach(array::add);
    }

    long events() {
        return events;
    }

    long gaps() {
        return gaps;
    }

    @Nullable
    String position() {
        return position;
    }
}
