package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the client of an event stream wants to hear.
 *
 * @param channel the channel's name, without {@code realtime:}
 * @param isPrivate which side of it, where it has two
 * @param after the id of the last event that it has; null when it wants only what is new
 * @param token its token
 * @param headers the {@code x-*} headers of its request, as a JSON object: policies see them
 * @param isChunked whether the answer goes out in chunks
 */
public record StreamRequest(
        String channel, boolean isPrivate, @Nullable String after, String token, String headers, boolean isChunked) {

    private static final Ref REF = Ref.ofText("1");

    /** The join that a socket's client would have sent. */
    ClientMessage.Push join() {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("config")
                .put("private", isPrivate)
                .putObject("resume")
                .put("after", after);
        return new ClientMessage.Push(
                REF, REF, TopicName.of(channel), "phx_join", payload.toString().getBytes(StandardCharsets.UTF_8));
    }

    EventStreamSerializer serializer() {
        return isChunked ? EventStreamSerializer.CHUNKED : EventStreamSerializer.BARE;
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "StreamRequest[channel=" + channel + ", isPrivate=" + isPrivate + ", after=" + after + "]";
    }
}
