package dev.campfire.realtime.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Lines between those of events, which say how the replay itself is doing: objects with a {@code control}, which no event
 * has.
 */
public enum ControlLine {
    /** Everything before {@code position} has been told. */
    AT,
    /** Something is missing behind {@code position}; everything is there again behind {@code oldest}. */
    GAP,
    /** That was all. */
    END,
    /** It can't go on; {@code message} says why. */
    ERROR;

    /** What every control line has, and nothing else. */
    public static final String FIELD = "control";

    /** What stands in the field. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    ObjectNode line() {
        return JsonNodeFactory.instance.objectNode().put(FIELD, label());
    }

    static byte[] at(Progress progress) {
        return bytes(with(AT.line(), progress));
    }

    static byte[] end(Tape.Ended ended) {
        return bytes(with(END.line(), ended.progress()).put("more", ended.hasMore()));
    }

    static byte[] gap(LostException gap) {
        return bytes(GAP.line()
                .put("position", gap.before())
                .put("oldest", gap.oldest())
                .put("message", gap.getMessage()));
    }

    /** What a reader is told last when something goes wrong after the answer has begun. */
    public static byte[] error(String message) {
        return bytes(ERROR.line().put("message", message));
    }

    private static ObjectNode with(ObjectNode line, Progress progress) {
        return line.put("position", progress.position())
                .put("events", progress.events())
                .put("bytes_read", progress.bytesRead())
                .put("bytes", progress.bytes());
    }

    private static byte[] bytes(ObjectNode line) {
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }
}
