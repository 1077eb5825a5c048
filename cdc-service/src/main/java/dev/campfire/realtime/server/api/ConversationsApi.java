package dev.campfire.realtime.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.campfire.realtime.access.AuthorityException;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.conversations.Conversations;
import dev.campfire.realtime.conversations.IdempotencyKey;
import dev.campfire.realtime.conversations.MessageDraft;
import dev.campfire.realtime.conversations.MessageStatus;
import dev.campfire.realtime.conversations.Messages;
import dev.campfire.realtime.conversations.PageRequest;
import dev.campfire.realtime.conversations.Participant;
import dev.campfire.realtime.conversations.ReadMark;
import dev.campfire.realtime.conversations.Refusal;
import dev.campfire.realtime.conversations.TypingSignal;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.server.ForwardedHeaders;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.server.HttpEndpoint;
import dev.campfire.realtime.server.Routes;
import dev.campfire.realtime.signals.TypingRoom;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * What the flows of the chat standards need over HTTP: messages written, reported on and listed, typing told, reading
 * marked. Each call is carried out in its caller's role. What goes wrong is told as a {@link Problem}.
 */
final class ConversationsApi {

    /** Of a body: the longest content with every character escaped, and room for metadata and attachments. */
    private static final int LARGEST_BODY = 256 * 1024;

    private static final int DEEPEST = 50;

    private static final String CREATE = "POST /api/messages";

    /** A name that stands twice in an object is refused, because readers differ about which one counts. */
    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Messages messages;
    private final Conversations conversations;
    private final Broadcasts broadcasts;
    private final ChannelHub hub;
    private final TokenVerifier verifier;
    private final Tenant tenant;
    private final InstantSource clock;

    /** What a call does once its caller is known. */
    private interface Action {
        CompletionStage<HttpAnswer> perform(HttpCall call, Participant caller);
    }

    ConversationsApi(
            Messages messages,
            Conversations conversations,
            Broadcasts broadcasts,
            ChannelHub hub,
            TokenVerifier verifier,
            Tenant tenant,
            InstantSource clock) {
        this.messages = messages;
        this.conversations = conversations;
        this.broadcasts = broadcasts;
        this.hub = hub;
        this.verifier = verifier;
        this.tenant = tenant;
        this.clock = clock;
    }

    void addTo(Routes.Builder routes, String prefix) {
        String conversation = prefix + "/api/conversations/:id";
        routes.post(prefix + "/api/messages", guarded(this::create))
                .on("PATCH", prefix + "/api/messages/:id/status", guarded(this::setStatus))
                .get(conversation + "/messages", guarded(this::page))
                .post(conversation + "/typing", guarded(this::typing))
                .post(conversation + "/read", guarded(this::markRead));
    }

    private HttpEndpoint guarded(Action action) {
        return call -> {
            Optional<Claims> claims = Caller.of(call, verifier);
            if (claims.isEmpty()) {
                return answer(Problem.UNAUTHORIZED.answer("Send a good token in Authorization, or in apikey."));
            }
            if (tenant.limits().isSuspended()) {
                return answer(Problem.FORBIDDEN.answer("Tenant is suspended."));
            }
            if (!call.method().equals("GET") && hub.isCongested()) {
                // What is written would only wait to be delivered, and hold back what is written before it.
                return answer(Problem.TOO_MANY.answer("More is sent than can be delivered. Try again."));
            }
            Participant caller = new Participant(claims.get(), ForwardedHeaders.json(call.headers()));
            try {
                return action.perform(call, caller).exceptionally(ConversationsApi::problem);
            } catch (Refusal refusal) {
                return answer(Problem.of(refusal));
            } catch (UnreadableException e) {
                return answer(e.answer);
            }
        };
    }

    private CompletionStage<HttpAnswer> create(HttpCall call, Participant caller) {
        JsonNode body = body(call);
        MessageDraft draft = MessageDraft.read(body);
        List<String> keys = call.headers().getAll("idempotency-key");
        IdempotencyKey key = keys.isEmpty() ? null : IdempotencyKey.of(keys.getFirst(), caller, CREATE, body);
        if (keys.size() > 1 || key == null && !keys.isEmpty()) {
            return answer(Problem.MALFORMED.answer(
                    "Idempotency-Key has to be one string of at most 255 visible ASCII characters."));
        }
        return messages.create(caller, draft, key).thenApply(created -> {
            HttpAnswer answer = HttpAnswer.json(201, created.row());
            return created.isRepeated()
                    ? answer.with("idempotency-replayed", "true")
                            .with("access-control-expose-headers", "idempotency-replayed")
                    : answer;
        });
    }

    private CompletionStage<HttpAnswer> setStatus(HttpCall call, Participant caller) {
        UUID message = id(call);
        MessageStatus status = MessageStatus.read(body(call));
        return messages.setStatus(caller, message, status).thenApply(row -> HttpAnswer.json(200, row));
    }

    private CompletionStage<HttpAnswer> page(HttpCall call, Participant caller) {
        return conversations
                .page(caller, id(call), PageRequest.read(call.query()))
                .thenApply(page -> HttpAnswer.json(200, page).with("cache-control", "no-store"));
    }

    private CompletionStage<HttpAnswer> typing(HttpCall call, Participant caller) {
        UUID conversation = id(call);
        TypingSignal signal = TypingSignal.read(body(call), caller);
        if (broadcasts.isTooMuch(1)) {
            return answer(Problem.TOO_MANY.answer("More is sent than the limits allow. Try again."));
        }
        return conversations.typingIn(caller, conversation).thenApply(place -> {
            UUID organization = place.organization();
            broadcasts.type(
                    caller.claims(),
                    new TypingRoom(organization.toString(), conversation.toString()),
                    place.isConversationWritable()
                            ? EnumSet.allOf(TypingRoom.Part.class)
                            : EnumSet.of(TypingRoom.Part.TYPING),
                    new Message.Broadcast(
                            signal.event().text(),
                            Message.Encoding.JSON,
                            null,
                            signal.payload(organization, conversation, clock.instant())));
            return HttpAnswer.empty(202);
        });
    }

    private CompletionStage<HttpAnswer> markRead(HttpCall call, Participant caller) {
        UUID conversation = id(call);
        JsonNode body = call.body().length == 0 ? JsonNodeFactory.instance.objectNode() : body(call);
        return conversations
                .markRead(caller, conversation, ReadMark.read(body, caller))
                .thenApply(marked -> HttpAnswer.json(200, marked));
    }

    /** What is no id names nothing. */
    private static UUID id(HttpCall call) {
        UUID id = Participant.idOf(call.pathParameters().getOrDefault("id", ""));
        if (id == null) {
            throw Refusal.of(Refusal.Reason.NOT_FOUND, "The path names nothing: what stands for its id is no UUID.");
        }
        return id;
    }

    /** A body that can't be taken for an object; thrown and caught here. */
    private static final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient HttpAnswer answer;

        UnreadableException(HttpAnswer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    private static JsonNode body(HttpCall call) {
        String type = call.headers().get("content-type", "application/json").toLowerCase(Locale.ROOT);
        if (!type.split(";", 2)[0].strip().equals("application/json")) {
            throw new UnreadableException(Problem.NOT_JSON.answer("Send the content type application/json."));
        }
        if (call.body().length > LARGEST_BODY) {
            throw new UnreadableException(
                    Problem.TOO_LARGE.answer("A body may have " + LARGEST_BODY + " bytes at most."));
        }
        try {
            JsonNode body = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(call.body()))
                    .toString());
            if (body.isObject()) {
                return body;
            }
        } catch (IOException | NumberFormatException e) {
            // Answered below, without what the parser quotes of the body.
        }
        throw new UnreadableException(Problem.MALFORMED.answer("The body is not a JSON object, in UTF-8, that names"
                + " each of its fields once and is not deeper than " + DEEPEST + " levels."));
    }

    private static HttpAnswer problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case Refusal refusal -> Problem.of(refusal);
            case AuthorityException e ->
                e.problem() == AuthorityException.Problem.NOT_SET_UP
                                || e.problem() == AuthorityException.Problem.MISSING_PARTITION
                        ? Problem.NOT_SET_UP.answer("realtime.messages is missing, or its partition for today is."
                                + " Run  campfire init  on the database.")
                        : Problem.UNAVAILABLE.answer("The policies of the channel could not be asked. Try again.");
            default -> throw new CompletionException(cause);
        };
    }

    private static CompletionStage<HttpAnswer> answer(HttpAnswer answer) {
        return CompletableFuture.completedStage(answer);
    }
}
