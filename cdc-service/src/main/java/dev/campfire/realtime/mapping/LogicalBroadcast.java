package dev.campfire.realtime.mapping;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Change.LogicalMessage;
import dev.campfire.realtime.vocabulary.ChannelNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages of {@code pg_logical_emit_message} as events: {@code {"topic":..,"event":..,"payload":..,"private":true}}.
 * They need no table, and with its first argument true they are told of with their transaction's commit.
 */
final class LogicalBroadcast {

    /** The prefix by which they are known. */
    static final String PREFIX = "realtime.broadcast";

    private static final int LONGEST_NAME = 255;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private LogicalBroadcast() {}

    static void map(Change change, UnmappedChanges unmapped, Consumer<Event> events) {
        LogicalMessage message = change.message();
        if (message == null || !message.prefix().equals(PREFIX)) {
            return;
        }
        Event event = event(change, message.content());
        if (event == null) {
            unmapped.addMessage(UnmappedReason.NO_BROADCAST);
        } else {
            events.accept(event);
        }
    }

    private static @Nullable Event event(Change change, byte[] content) {
        JsonNode body;
        byte[] payload;
        try {
            // As text, for the parser would take some bytes for another encoding.
            body = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
            payload = JSON.writeValueAsBytes(body.path("payload"));
        } catch (IOException | NumberFormatException e) {
            return null;
        }
        JsonNode topic = body.path("topic");
        JsonNode name = body.path("event");
        JsonNode isPrivate = body.path("private");
        boolean isWhole = topic.isTextual()
                && !topic.textValue().isEmpty()
                && name.isTextual()
                && name.textValue().getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME
                && body.has("payload")
                && (isPrivate.isMissingNode() || isPrivate.isBoolean());
        if (!isWhole) {
            return null;
        }
        Position position = new Position(change.id(), 0);
        return new Event(
                position,
                position.toString(),
                ChannelNames.canonical(topic.textValue()),
                isPrivate.asBoolean(true) || ChannelNames.isProtected(topic.textValue()),
                name.textValue(),
                change.commitTime(),
                false,
                payload);
    }
}
