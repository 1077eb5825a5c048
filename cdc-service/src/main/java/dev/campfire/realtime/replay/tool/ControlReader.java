package dev.campfire.realtime.replay.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.campfire.realtime.replay.LostException;
import dev.campfire.realtime.replay.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Understands the lines that a server tells. */
final class ControlReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();
    private static final byte[] CONTROL = "{\"control\":".getBytes(StandardCharsets.US_ASCII);

    private ControlReader() {}

    /** Whether a line says how the replay is doing, rather than an event. */
    static boolean isControl(byte[] line) {
        if (line.length < CONTROL.length) {
            return false;
        }
        for (int i = 0; i < CONTROL.length; i++) {
            if (line[i] != CONTROL[i]) {
                return false;
            }
        }
        return true;
    }

    static JsonNode control(byte[] line) throws IOException {
        return JSON.readTree(line);
    }

    static Progress progress(JsonNode control) {
        return new Progress(
                control.path("position").textValue(),
                control.path("events").asLong(),
                control.path("bytes_read").asLong(),
                control.path("bytes").asLong());
    }

    static LostException lost(JsonNode control) {
        return new LostException(
                control.path("message").asText(),
                control.path("position").textValue(),
                control.path("oldest").textValue());
    }

    /** Reads what the tool has to know of an event. */
    static Told event(byte[] line) throws IOException {
        String position = null;
        String channel = null;
        String event = null;
        String committed = null;
        try (JsonParser parser = FACTORY.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the server told something that is no event");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "position" -> position = parser.getText();
                    case "channel" -> channel = parser.getText();
                    case "event" -> event = parser.getText();
                    case "commit_timestamp" -> committed = parser.getText();
                    default -> parser.skipChildren();
                }
            }
        }
        return new Told(known(position), known(channel), known(event), time(known(committed)), line);
    }

    private static String known(@Nullable String field) throws IOException {
        if (field == null) {
            throw new IOException("the server told an event that lacks a field");
        }
        return field;
    }

    private static Instant time(String text) throws IOException {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IOException("the server told an event without a time", e);
        }
    }
}
