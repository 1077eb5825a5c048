package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** {@code POST /api/broadcast/:topic/events/:event}: one message, whose payload is the body. */
final class SingleBroadcast implements HttpEndpoint {

    private final Broadcasts broadcasts;

    SingleBroadcast(Broadcasts broadcasts) {
        this.broadcasts = broadcasts;
    }

    @Override
    public CompletionStage<HttpAnswer> answer(HttpCall call) {
        return broadcasts.admit(call, claims -> admitted(call, claims));
    }

    private CompletionStage<HttpAnswer> admitted(HttpCall call, Claims claims) {
        String topic = call.pathParameters().getOrDefault("topic", "");
        String event = call.pathParameters().getOrDefault("event", "");
        String type = call.headers().get("content-type", "application/json").toLowerCase(Locale.ROOT);
        boolean isJson = type.startsWith("application/json");
        if (!isJson && !type.startsWith("application/octet-stream")) {
            return Broadcasts.completed(
                    HttpAnswer.error(415, "Unsupported Media Type. Use application/json or application/octet-stream"));
        }
        if (event.getBytes(StandardCharsets.UTF_8).length > Message.Broadcast.MAX_NAME_LENGTH) {
            return Broadcasts.completed(invalid("event", "should be at most 255 byte(s)"));
        }
        if (broadcasts.isTooLarge(call.body().length + (long) event.length())) {
            return Broadcasts.completed(invalid("payload", "Payload size exceeds tenant limit"));
        }
        String wrongTopic = broadcasts.wrongTopic(topic);
        if (wrongTopic != null) {
            return Broadcasts.completed(invalid("topic", wrongTopic));
        }
        String wrongEvent = broadcasts.wrongEvent(topic, event);
        if (wrongEvent != null) {
            return Broadcasts.completed(invalid("event", wrongEvent));
        }
        byte[] payload = call.body();
        if (isJson) {
            try {
                payload = json(call.body());
            } catch (IOException e) {
                return Broadcasts.completed(Broadcasts.message(400, "The body is not JSON"));
            }
        }
        Message message =
                new Message.Broadcast(event, isJson ? Message.Encoding.JSON : Message.Encoding.RAW, null, payload);
        boolean isPrivate = call.query().getOrDefault("private", List.of()).contains("true");
        Speaker speaker = broadcasts.speaker(call, claims);
        return broadcasts
                .permitted(speaker, topic, isPrivate)
                .thenCompose(channel -> channel.isEmpty()
                        ? Broadcasts.completed(Broadcasts.message(403, "Unauthorized"))
                        : broadcasts
                                .send(speaker, topic, channel.get(), isPrivate, message)
                                .thenApply(nothing -> HttpAnswer.empty(202)))
                .exceptionally(Broadcasts::undecided);
    }

    /** The body as it came, when it is an object; any other value stands under a key, as the original has it. */
    private static byte[] json(byte[] body) throws IOException {
        if (body.length == 0) {
            return "{}".getBytes(StandardCharsets.US_ASCII);
        }
        JsonNode value = BatchBroadcast.read(body);
        if (value.isObject()) {
            return body;
        }
        ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
        wrapped.set("_json", value);
        return wrapped.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static HttpAnswer invalid(String field, String error) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("errors").putArray(field).add(error);
        return HttpAnswer.json(422, answer.toString());
    }
}
