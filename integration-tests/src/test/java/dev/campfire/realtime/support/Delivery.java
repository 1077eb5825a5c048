package dev.campfire.realtime.support;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A broadcast that a client received.
 *
 * @param channel the channel's name, without {@code realtime:}
 * @param event the event's name
 * @param payload what the event carries
 * @param meta what the client was told of the message beside its payload; missing when nothing was
 * @param receivedAt when the client had it, in milliseconds since the epoch
 */
public record Delivery(String channel, String event, JsonNode payload, JsonNode meta, double receivedAt) {

    static Delivery of(String channel, JsonNode message, double receivedAt) {
        return new Delivery(
                channel, message.path("event").asText(), message.path("payload"), message.path("meta"), receivedAt);
    }

    /** The event's position, as its payload says it. */
    public String id() {
        return payload.path("id").asText();
    }

    /** A column of the row's new image. */
    public JsonNode record(String column) {
        return payload.path("record").path(column);
    }

    /** A column of the row's old image. */
    public JsonNode oldRecord(String column) {
        return payload.path("old_record").path(column);
    }
}
