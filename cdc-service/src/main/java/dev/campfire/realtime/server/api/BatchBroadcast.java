package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code POST /api/broadcast}: several messages at once. Either all of them are well formed, or none is sent. */
final class BatchBroadcast implements HttpEndpoint {

    private static final int MAX_DEPTH = 200;

    /** Numbers keep their digits on the way through. */
    static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** How many topics that policies rule one batch may have: each costs a question to the database. */
    private static final int MOST_QUESTIONS = 1000;

    private static final String BLANK = "can't be blank";

    private final Broadcasts broadcasts;

    BatchBroadcast(Broadcasts broadcasts) {
        this.broadcasts = broadcasts;
    }

    /**
     * Reads a body.
     *
     * @throws IOException when it is no JSON in UTF-8, or has a number that is none for a computer
     */
    static JsonNode read(byte[] body) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString();
        try {
            return JSON.readTree(text);
        } catch (NumberFormatException e) {
            throw new IOException("a number is out of range", e);
        }
    }

    /** A message that is well formed. */
    private record Post(String topic, boolean isPrivate, Message message) {}

    @Override
    public CompletionStage<HttpAnswer> answer(HttpCall call) {
        return broadcasts.admit(call, claims -> admitted(call, claims));
    }

    private CompletionStage<HttpAnswer> admitted(HttpCall call, Claims claims) {
        JsonNode body;
        try {
            body = read(call.body());
        } catch (IOException e) {
            return Broadcasts.completed(Broadcasts.message(400, "The body is not JSON"));
        }
        JsonNode messages = body.path("messages");
        boolean isBlank = messages.isMissingNode() || messages.isNull() || messages.isArray() && messages.isEmpty();
        if (isBlank || !messages.isArray() || !messages.valueStream().allMatch(JsonNode::isObject)) {
            ObjectNode errors = JsonNodeFactory.instance.objectNode();
            errors.putObject("errors").putArray("messages").add(isBlank ? BLANK : "is invalid");
            return Broadcasts.completed(HttpAnswer.json(422, errors.toString()));
        }
        ArrayNode errors = JsonNodeFactory.instance.arrayNode();
        List<Post> posts = new ArrayList<>();
        boolean isGood = true;
        for (JsonNode message : messages) {
            ObjectNode wrong = check(message);
            isGood &= wrong.isEmpty();
            errors.add(wrong);
            if (wrong.isEmpty()) {
                posts.add(post(message));
            }
        }
        if (!isGood) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.putObject("errors").set("messages", errors);
            return Broadcasts.completed(HttpAnswer.json(422, answer.toString()));
        }
        long questions = posts.stream()
                .filter(post -> broadcasts.isJudged(post.topic(), post.isPrivate()))
                .map(Post::topic)
                .distinct()
                .count();
        if (broadcasts.isTooMuch(posts.size()) || questions > MOST_QUESTIONS) {
            return Broadcasts.completed(
                    Broadcasts.message(429, "Too many messages to broadcast, please reduce the batch size"));
        }
        return send(call, claims, posts);
    }

    private ObjectNode check(JsonNode message) {
        ObjectNode wrong = JsonNodeFactory.instance.objectNode();
        JsonNode payload = message.path("payload");
        if (payload.isMissingNode() || payload.isNull()) {
            wrong.putArray("payload").add(BLANK);
        } else if (!payload.isObject()) {
            wrong.putArray("payload").add("is invalid");
        } else if (broadcasts.isTooLarge(payload.toString().getBytes(StandardCharsets.UTF_8).length)) {
            wrong.putArray("payload").add("Payload size exceeds tenant limit");
        }
        for (String field : List.of("event", "topic")) {
            JsonNode value = message.path(field);
            if (value.isMissingNode()
                    || value.isNull()
                    || value.isTextual() && value.textValue().isBlank()) {
                wrong.putArray(field).add(BLANK);
            } else if (!value.isTextual()) {
                wrong.putArray(field).add("is invalid");
            }
        }
        if (!wrong.has("topic") && !wrong.has("event")) {
            checkNames(message.path("topic").textValue(), message.path("event").textValue(), wrong);
        }
        return wrong;
    }

    private void checkNames(String topic, String event, ObjectNode wrong) {
        String wrongTopic = broadcasts.wrongTopic(topic);
        if (wrongTopic != null) {
            wrong.putArray("topic").add(wrongTopic);
        }
        String wrongEvent = broadcasts.wrongEvent(topic, event);
        if (wrongEvent != null) {
            wrong.putArray("event").add(wrongEvent);
        }
    }

    private static Post post(JsonNode message) {
        ObjectNode sent = JsonNodeFactory.instance.objectNode();
        sent.set("payload", message.path("payload"));
        sent.put("event", message.path("event").textValue());
        sent.put("type", "broadcast");
        if (message.path("id").isTextual()) {
            sent.putObject("meta").put("id", message.path("id").textValue());
        }
        return new Post(
                message.path("topic").textValue(),
                message.path("private").asBoolean(false),
                new Message.Push("broadcast", sent.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Asks once for each topic that policies rule; what is not permitted is left out in silence, as the original does. When
     * one can't be asked about, nothing is sent, and that is told: the original leaves it out as well.
     */
    private CompletionStage<HttpAnswer> send(HttpCall call, Claims claims, List<Post> posts) {
        Speaker speaker = broadcasts.speaker(call, claims);
        Map<String, CompletableFuture<Optional<String>>> permissions = new LinkedHashMap<>();
        for (Post post : posts) {
            if (broadcasts.isJudged(post.topic(), post.isPrivate())) {
                permissions.computeIfAbsent(
                        post.topic(),
                        topic -> broadcasts.permitted(speaker, topic, true).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(permissions.values().toArray(CompletableFuture[]::new))
                .thenCompose(nothing -> {
                    CompletionStage<Void> sent = CompletableFuture.completedStage(null);
                    for (Post post : posts) {
                        CompletableFuture<Optional<String>> permission = permissions.get(post.topic());
                        boolean isJudged = broadcasts.isJudged(post.topic(), post.isPrivate());
                        Optional<String> channel = !isJudged
                                ? Optional.of(post.topic())
                                : permission == null ? Optional.empty() : permission.join();
                        if (channel.isPresent()) {
                            sent = sent.thenCompose(before -> broadcasts.send(
                                    speaker, post.topic(), channel.get(), post.isPrivate(), post.message()));
                        }
                    }
                    return sent.thenApply(all -> HttpAnswer.empty(202));
                })
                .exceptionally(Broadcasts::undecided);
    }
}
