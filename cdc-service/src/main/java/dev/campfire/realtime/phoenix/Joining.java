package dev.campfire.realtime.phoenix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.ChannelKey.Side;
import dev.campfire.realtime.channel.LoopHub;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.Verification;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides about joins, and answers them. */
final class Joining {

    private static final String JOINED = "{\"postgres_changes\":[]}";

    private final PhoenixEndpoint endpoint;
    private final String connectionToken;
    private final LoopHub hub;
    private final SessionWriter writer;

    Joining(PhoenixEndpoint endpoint, String connectionToken, LoopHub hub, SessionWriter writer) {
        this.endpoint = endpoint;
        this.connectionToken = connectionToken;
        this.hub = hub;
        this.writer = writer;
    }

    JoinRequest read(ClientMessage.Push push) throws MalformedMessageException {
        byte[] payload = push.payload();
        if (payload == null) {
            throw new MalformedMessageException(Oddity.BAD_PAYLOAD);
        }
        JsonNode tree = endpoint.json().tree(payload);
        return JoinRequest.of(tree);
    }

    /**
     * Joins the topic and says so, or says why not. The subscription stands before the reply is written, so whatever is
     * published after a client has read the reply reaches it.
     *
     * @param joined how many topics the socket has joined
     * @return null when the join was refused
     */
    @Nullable
    JoinedTopic join(ClientMessage.Push push, JoinRequest request, int joined) {
        String token = request.token(connectionToken);
        return switch (check(push.topic(), request, token, joined)) {
            case Decision.Refused(String reason) -> {
                writer.error(push.joinRef(), push.ref(), push.topic(), reason);
                yield null;
            }
            case Decision.Granted(ChannelKey key, Claims claims) -> {
                Subscription subscription = hub.join(key, writer.outlet(), writer.format(), push.topic());
                writer.ok(push.joinRef(), push.ref(), push.topic(), JOINED);
                yield new JoinedTopic(push.joinRef(), push.topic(), request, subscription, token, claims);
            }
        };
    }

    private sealed interface Decision {
        record Granted(ChannelKey key, Claims claims) implements Decision {}

        record Refused(String reason) implements Decision {}
    }

    /** The checks in the original's order: the first that fails gives the reason. */
    private Decision check(String topic, JoinRequest request, String token, int joined) {
        String name = TopicName.subTopic(topic);
        if (name.isEmpty()) {
            return new Decision.Refused("TopicNameRequired: You must provide a topic name");
        }
        if (TopicName.isTooLong(topic)) {
            return new Decision.Refused("TopicNameTooLong: A topic has at most 255 bytes");
        }
        if (joined >= endpoint.limits().topics()) {
            return new Decision.Refused("ChannelRateLimitReached: Too many channels");
        }
        return switch (endpoint.verifier().verify(token)) {
            case Verification.Refused(var rejection) -> new Decision.Refused(rejection.joinReason());
            case Verification.Accepted(Claims claims) -> checkAccess(name, request, claims);
        };
    }

    private boolean mayRead(Claims claims, String name) {
        return !endpoint.authority()
                .readable(new ChannelUser(claims, name, "{}"), Set.of(Extension.BROADCAST))
                .toCompletableFuture()
                .getNow(Set.of())
                .isEmpty();
    }

    private Decision checkAccess(String name, JoinRequest request, Claims claims) {
        ChannelKey key = ChannelKey.joined(name, request.isPrivate());
        if (key.side() == Side.PRIVATE && !mayRead(claims, name)) {
            return new Decision.Refused(
                    "Unauthorized: You do not have permissions to read from this Channel topic: " + name);
        }
        if (request.wantsPostgresChanges()) {
            return new Decision.Refused(
                    "PostgresChangesUnavailable: postgres_changes is not available in this version");
        }
        return new Decision.Granted(key, claims);
    }
}
