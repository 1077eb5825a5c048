package dev.campfire.realtime.server.api;

import dev.campfire.realtime.access.AuthorityException;
import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.LegacyChannels;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.server.HttpAnswer;
import dev.campfire.realtime.server.HttpCall;
import dev.campfire.realtime.signals.TypingBridge;
import dev.campfire.realtime.signals.TypingReport;
import dev.campfire.realtime.signals.TypingRoom;
import dev.campfire.realtime.signals.Utterance;
import dev.campfire.realtime.vocabulary.ChannelNames;
import dev.campfire.realtime.vocabulary.NameGuard;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What both ways to broadcast over HTTP share: who may call, how often, and how a message is sent. */
final class Broadcasts {

    private final ChannelHub hub;
    private final TokenVerifier verifier;
    private final ChannelAuthority authority;
    private final ProtectedChannels protectedChannels;
    private final NameGuard names;
    private final LegacyChannels legacyChannels;
    private final TypingBridge typing;
    private final Tenant tenant;

    Broadcasts(
            ChannelHub hub,
            TokenVerifier verifier,
            ChannelAuthority authority,
            ProtectedChannels protectedChannels,
            NameGuard names,
            LegacyChannels legacyChannels,
            TypingBridge typing,
            Tenant tenant) {
        this.names = names;
        this.legacyChannels = legacyChannels;
        this.typing = typing;
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

    /** What is wrong with the name of a topic; null when it is to be let through. */
    @Nullable
    String wrongTopic(String topic) {
        return names.channel(topic);
    }

    /** What is wrong with the name of an event; null when it is to be let through. */
    @Nullable
    String wrongEvent(String topic, String event) {
        return names.event(topic, event);
    }

    /** Whether policies say who may send on the topic. */
    boolean isJudged(String topic, boolean isPrivate) {
        return protectedChannels.covers(topic)
                || legacyChannels.covers(topic)
                || key(topic, isPrivate).side() == ChannelKey.Side.PRIVATE;
    }

    private ChannelKey key(String topic, boolean isPrivate) {
        return ChannelKey.joined(topic, isPrivate || protectedChannels.covers(topic));
    }

    /**
     * The channel on which the caller may send when they send on the topic: the same, but for old names. Empty when they may
     * not. A stage that fails does so with the authority's exception.
     */
    CompletionStage<Optional<String>> permitted(Speaker speaker, String topic, boolean isPrivate) {
        if (!isJudged(topic, isPrivate)) {
            return CompletableFuture.completedStage(Optional.of(topic));
        }
        return legacyChannels
                .judgedName(speaker.at(topic))
                .thenCompose(judged -> judged.isEmpty()
                        ? CompletableFuture.completedStage(Optional.empty())
                        : isWritable(speaker, judged.get()).thenApply(isWritable -> judged.filter(name -> isWritable)));
    }

    private CompletionStage<Boolean> isWritable(Speaker speaker, String channel) {
        return ChannelNames.isProtected(channel) && !protectedChannels.covers(channel)
                ? CompletableFuture.completedStage(true)
                : speaker.isWritable(channel);
    }

    /** Who broadcasts in a call. */
    Speaker speaker(HttpCall call, Claims claims) {
        return new Speaker(call, claims, authority);
    }

    /**
     * Sends on a topic, on which the caller is permitted to. The stage does not fail; it is done when everybody who hears
     * of it is on the way to, so that who waits for it is heard in order.
     *
     * @param channel what {@link #permitted} gave
     */
    CompletionStage<Void> send(Speaker speaker, String topic, String channel, boolean isPrivate, Message message) {
        tenant.events().add(1);
        tenant.bytes().add(message.size());
        TypingRoom room = TypingRoom.of(channel);
        TypingReport report = room == null ? null : typing.read(message);
        if (room == null || report == null) {
            hub.broadcast(key(topic, isPrivate), message, null);
            return CompletableFuture.completedStage(null);
        }
        TypingRoom.Part part = room.partOf(channel);
        Utterance said = typing.hear(room, report, speaker.name(), topic);
        said.tell(part, List.of());
        return isWritable(speaker, room.name(part.other()))
                // Not answered is not permitted.
                .exceptionally(failure -> false)
                .thenAccept(isWritable -> {
                    if (isWritable) {
                        said.tell(part.other(), List.of());
                    }
                });
    }

    /** Sends what somebody types on the parts of a room that they may write to. */
    void type(Claims claims, TypingRoom room, Set<TypingRoom.Part> writable, Message message) {
        tenant.events().add(1);
        tenant.bytes().add(message.size());
        TypingReport report = Objects.requireNonNull(typing.read(message));
        Utterance said = typing.hear(room, report, Speaker.name(claims), room.name(TypingRoom.Part.TYPING));
        writable.forEach(part -> said.tell(part, List.of()));
    }

    /** What is answered when a stage of {@link #permitted} failed: nothing was sent. */
    static HttpAnswer undecided(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof AuthorityException authority)) {
            return message(500, "Unable to authorize broadcast");
        }
        return switch (authority.problem()) {
            case POLICY, NOT_SET_UP -> message(422, "RLS policy error");
            case QUERY_CANCELED -> message(422, "Query canceled");
            case MISSING_PARTITION -> message(422, "Missing messages partition");
            case UNREACHABLE -> message(422, "Tenant database unavailable");
            case TOO_MANY_CONNECTIONS -> message(422, "Tenant database has too many connections");
            case POOL_EXHAUSTED -> message(429, "Connection pool exhausted");
        };
    }

    static HttpAnswer message(int status, String text) {
        return HttpAnswer.message(status, text);
    }

    static CompletionStage<HttpAnswer> completed(HttpAnswer answer) {
        return CompletableFuture.completedStage(answer);
    }
}
