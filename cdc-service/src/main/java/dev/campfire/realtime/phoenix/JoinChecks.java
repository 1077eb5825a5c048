package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.ChannelKey.Side;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.Verification;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What can be said of a join without asking anybody, in the original's order: the first check that fails counts. */
final class JoinChecks {

    private final ChannelServices services;
    private final BooleanSupplier admits;
    private final String token;

    /**
     * @param admits counts a join of this client; false when there are too many
     * @param token the token of those joins that bring none of their own
     */
    JoinChecks(ChannelServices services, BooleanSupplier admits, String token) {
        this.services = services;
        this.admits = admits;
        this.token = token;
    }

    /** What came of the checks. */
    sealed interface Decision {
        record Passed(JoinAttempt attempt) implements Decision {}

        /** @param closing why the whole socket is closed; null when it is not */
        record Refused(String reason, @Nullable CloseReason closing) implements Decision {
            Refused(String reason) {
                this(reason, null);
            }
        }
    }

    /** @param joined how many topics the socket has joined, or is joining */
    Decision check(ClientMessage.Push push, JoinRequest request, int joined) {
        String name = TopicName.subTopic(push.topic());
        boolean isProtected = services.protectedChannels().covers(name);
        ChannelKey key = ChannelKey.joined(name, request.isPrivate() || isProtected);
        boolean isJudged = isProtected
                || key.side() == Side.PRIVATE
                || services.legacyChannels().covers(name);
        Decision.Refused refused = checkName(name, push.topic());
        if (refused == null) {
            refused = checkThrottle(request);
        }
        if (refused == null) {
            refused = checkLimits(key, joined);
        }
        if (refused != null) {
            return refused;
        }
        String own = request.token(token);
        return switch (services.verifier().verify(own)) {
            case Verification.Refused(var rejection) -> new Decision.Refused(rejection.joinReason());
            case Verification.Accepted(Claims claims) -> {
                Decision.Refused replay = checkReplay(request, key);
                yield replay != null
                        ? replay
                        : new Decision.Passed(new JoinAttempt(
                                push.joinRef(), push.ref(), push.topic(), request, key, name, isJudged, own, claims));
            }
        };
    }

    private static Decision.@Nullable Refused checkThrottle(JoinRequest request) {
        return request.throttle() != null && request.throttle().window() == null
                ? new Decision.Refused(
                        "InvalidThrottle: config.throttle_ms has to be a whole number of milliseconds from "
                                + JoinRequest.Throttle.SHORTEST + " to " + JoinRequest.Throttle.LONGEST)
                : null;
    }

    private Decision.@Nullable Refused checkName(String name, String topic) {
        if (name.isEmpty()) {
            return new Decision.Refused("TopicNameRequired: You must provide a topic name");
        }
        if (TopicName.isTooLong(topic)) {
            return new Decision.Refused("TopicNameTooLong: A topic has at most 255 bytes");
        }
        String wrong = services.names().channel(name);
        return wrong == null ? null : new Decision.Refused("ChannelNameNotStandard: " + wrong);
    }

    private Decision.@Nullable Refused checkLimits(ChannelKey key, int joined) {
        Tenant tenant = services.tenant();
        TenantLimits limits = tenant.limits();
        if (limits.isSuspended()) {
            return new Decision.Refused("RealtimeDisabledForTenant: Realtime disabled for this tenant");
        }
        if (limits.isPrivateOnly() && key.side() == Side.PUBLIC) {
            return new Decision.Refused("PrivateOnly: This project only allows private channels");
        }
        if (joined == 0 && tenant.users() >= limits.connectedUsers()) {
            return new Decision.Refused("ConnectionRateLimitReached: Too many connected users");
        }
        tenant.joins().add(1);
        if (!admits.getAsBoolean() || tenant.joins().perSecond() > limits.joinsPerSecond()) {
            return new Decision.Refused(
                    "ClientJoinRateLimitReached: Too many joins per second", CloseReason.TOO_MANY_JOINS);
        }
        return joined >= limits.channelsPerSocket()
                ? new Decision.Refused("ChannelRateLimitReached: Too many channels")
                : null;
    }

    private static Decision.@Nullable Refused checkReplay(JoinRequest request, ChannelKey key) {
        return request.replay() != null && key.side() == Side.PUBLIC
                ? new Decision.Refused("UnableToReplayMessages: Replay is not allowed for public channels")
                : null;
    }
}
