package dev.campfire.realtime.server.api;

import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.server.ForwardedHeaders;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What both ways to broadcast over HTTP share: who may call, how often, and how a message is sent. */
final class Broadcasts {

    private final ChannelHub hub;
    private final TokenVerifier verifier;
    private final ChannelAuthority authority;
    private final ProtectedChannels protectedChannels;
    private final Tenant tenant;

    Broadcasts(
            ChannelHub hub,
            TokenVerifier verifier,
            ChannelAuthority authority,
            ProtectedChannels protectedChannels,
            Tenant tenant) {
        this.protectedChannels = protectedChannels;
        this.hub = hub;
        this.verifier = verifier;
        this.authority = authority;
        this.tenant = tenant;
    }

    /** Lets a call through that has a good token, within the limits; every answer says how much is left. */
    CompletionStage<HttpAnswer> admit(HttpCall call, Function<Claims, CompletionStage<HttpAnswer>> endpoint) {
        Optional<Claims> claims = Caller.of(call, verifier);
        TenantLimits limits = tenant.limits();
        CompletionStage<HttpAnswer> answer;
        if (claims.isEmpty()) {
            answer = completed(message(401, "Unauthorized"));
        } else if (limits.isSuspended()) {
            answer = completed(message(403, "Tenant is suspended"));
        } else if (tenant.events().perSecond() >= limits.eventsPerSecond() || hub.isCongested()) {
            // A socket that sends too much is read more slowly; a post that would only pile up is refused.
            answer = completed(message(429, "Too many requests"));
        } else {
            answer = endpoint.apply(claims.get());
        }
        String requestId = call.headers().get("x-request-id", UUID.randomUUID().toString());
        return answer.thenApply(found -> withRates(found, limits).with("x-request-id", requestId));
    }

    private HttpAnswer withRates(HttpAnswer answer, TenantLimits limits) {
        int rolling = (int) tenant.events().perSecond();
        int left = Math.max(0, limits.eventsPerSecond() - rolling);
        return answer.with("x-rate-rolling", Integer.toString(rolling))
                .with("x-rate-limit", Integer.toString(limits.eventsPerSecond()))
                .with("x-rate-limit-remaining", Integer.toString(left));
    }

    /** Whether so many messages more would go beyond the limit. */
    boolean isTooMuch(int messages) {
        return tenant.events().perSecond() + messages > tenant.limits().eventsPerSecond();
    }

    boolean isTooLarge(long bytes) {
        return bytes > tenant.limits().payload();
    }

    /** Whether policies say who may send on the topic. */
    boolean isJudged(String topic, boolean isPrivate) {
        return protectedChannels.covers(topic) || key(topic, isPrivate).side() == ChannelKey.Side.PRIVATE;
    }

    private ChannelKey key(String topic, boolean isPrivate) {
        return ChannelKey.joined(topic, isPrivate || protectedChannels.covers(topic));
    }

    /** Whether the caller may send on the topic. A stage that fails does so with the authority's exception. */
    CompletionStage<Boolean> isPermitted(HttpCall call, Claims claims, String topic, boolean isPrivate) {
        if (!isJudged(topic, isPrivate)) {
            return CompletableFuture.completedStage(true);
        }
        ChannelUser user = new ChannelUser(claims, topic, ForwardedHeaders.json(call.headers()));
        return authority.isWritable(user, Extension.BROADCAST);
    }

    void send(String topic, boolean isPrivate, Message message) {
        tenant.events().add(1);
        tenant.bytes().add(message.size());
        hub.broadcast(key(topic, isPrivate), message, null);
    }

    static HttpAnswer message(int status, String text) {
        return HttpAnswer.message(status, text);
    }

    static CompletionStage<HttpAnswer> completed(HttpAnswer answer) {
        return CompletableFuture.completedStage(answer);
    }
}
