package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelUser;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.changes.ChangeSubscription;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.PresenceMember;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.signals.PresenceEvents;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A topic that a socket has joined, from the reply to its join until it is left, replaced or ended. Owned by its session. */
final class JoinedTopic {

    /** Tokens that come one after the other while a client resumes; each is taken up, and the last one counts. */
    private static final int MOST_PUT_OFF = 16;

    private final Ref joinRef;
    private final String topic;
    private final JoinRequest request;
    private final ChannelKey key;
    private final String judgedName;
    private final boolean isJudged;
    private final Set<Extension> readable;
    private final @Nullable Subscription subscription;
    private @Nullable Subscription presenceSubscription;
    private @Nullable Subscription signals;
    private @Nullable ChangeSubscription place;
    private final TopicPresence presence;
    private final WritePermissions permissions;
    private final @Nullable TypingAccess typing;
    private @Nullable TopicChanges changes;
    private final List<TopicChanges> retiring = new ArrayList<>(0);
    private String token;
    private Claims claims;
    private SocketLink.ScheduledTask expiry = () -> {};
    private boolean hasEnded;
    private boolean awaitsJudgement;
    private @Nullable Resumption resumption;
    private final Queue<Runnable> afterResumption = new ArrayDeque<>(0);

    /**
     * @param subscription to the channel's messages, null for those who may only see who is present
     * @param place where events of rows are judged for its user; null where none are told
     * @param presenceSubscription to the channel's presence, where that is told apart from its messages
     */
    JoinedTopic(
            SocketContext context,
            JoinAttempt join,
            Set<Extension> readable,
            @Nullable Subscription subscription,
            @Nullable Subscription presenceSubscription,
            @Nullable ChangeSubscription place) {
        this.place = place;
        this.joinRef = join.joinRef();
        this.topic = join.topic();
        this.request = join.request();
        this.key = join.key();
        this.token = join.token();
        this.claims = join.claims();
        this.readable = readable.isEmpty() ? EnumSet.noneOf(Extension.class) : EnumSet.copyOf(readable);
        this.subscription = subscription;
        this.presenceSubscription = presenceSubscription;
        this.presence = new TopicPresence(
                new PresenceMember(request.presence().key(), join.claims().subject()));
        this.judgedName = join.judgedName();
        this.isJudged = join.isJudged();
        this.permissions = new WritePermissions(context, user(context.headers()), isJudged);
        this.typing = TypingAccess.of(context, judgedName, channel -> user(channel, context.headers()));
    }

    Ref joinRef() {
        return joinRef;
    }

    /** With {@code realtime:}. */
    String topic() {
        return topic;
    }

    /** Without {@code realtime:}. */
    String name() {
        return TopicName.subTopic(topic);
    }

    JoinRequest request() {
        return request;
    }

    ChannelKey key() {
        return key;
    }

    /** What of the channel its client may hear. */
    Set<Extension> readable() {
        return readable;
    }

    /** Whether policies say who may read and write there. */
    boolean isJudged() {
        return isJudged;
    }

    @Nullable
    Subscription subscription() {
        return subscription;
    }

    /** Its client may know who is present, too. */
    void hearPresence(Subscription told) {
        readable.add(Extension.PRESENCE);
        presenceSubscription = told;
    }

    TopicPresence presence() {
        return presence;
    }

    WritePermissions permissions() {
        return permissions;
    }

    /** What it is to those who type; null where nobody does. */
    @Nullable
    TypingAccess typing() {
        return typing;
    }

    /**
     * Subscribes to what is told and forgotten there besides, as far as its client may hear it.
     *
     * @param isLegacy whether its name is a conversation's old one
     */
    void hearSignals(boolean isLegacy, Function<ChannelKey, Subscription> subscribe) {
        if (typing != null && isLegacy && readable.contains(Extension.BROADCAST)) {
            signals = subscribe.apply(typing.room().legacy());
        } else if (PresenceEvents.areToldOn(key) && readable.contains(Extension.PRESENCE)) {
            signals = subscribe.apply(key.presenceEvents());
        }
    }

    /** Lets its client have what it asked for, as seldom as it asked. */
    void throttle(SocketContext context) {
        Duration window = request.throttle() == null ? null : request.throttle().window();
        if (window != null) {
            subscriptions().forEach(heard -> context.hub().conflate(heard, window, context.link()::schedule));
        }
    }

    /** All that its client hears of the channel. */
    List<Subscription> subscriptions() {
        List<Subscription> all = new ArrayList<>(1);
        addIfThere(all, subscription);
        addIfThere(all, presenceSubscription);
        addIfThere(all, signals);
        return all;
    }

    private static void addIfThere(List<Subscription> all, @Nullable Subscription heard) {
        if (heard != null) {
            all.add(heard);
        }
    }

    /** What it has subscribed to of {@code postgres_changes}; null for nothing. */
    @Nullable
    TopicChanges changes() {
        return changes;
    }

    /** What it had subscribed to with older tokens, as long as changes that came before the new ones are on their way. */
    List<TopicChanges> retiring() {
        return retiring;
    }

    void changes(@Nullable TopicChanges subscribed) {
        changes = subscribed;
    }

    String token() {
        return token;
    }

    Claims claims() {
        return claims;
    }

    /** Its user, as policies see them. */
    ChannelUser user(String headers) {
        return user(judgedName, headers);
    }

    private ChannelUser user(String channel, String headers) {
        return new ChannelUser(claims, channel, headers);
    }

    /** Forgets what was answered about what its client may send. */
    void askAnew(String headers) {
        permissions.renew(user(headers));
        if (typing != null) {
            typing.renew(channel -> user(channel, headers));
        }
    }

    void renew(String renewedToken, Claims renewedClaims, String headers) {
        token = renewedToken;
        claims = renewedClaims;
        askAnew(headers);
    }

    /** Sets the task that looks at the token next, in place of the one before. */
    void watch(SocketLink.ScheduledTask next) {
        expiry.cancel();
        expiry = next;
    }

    /** Whether it has been left: answers that still come are of no use. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** Whether it is joined still, and with this token. */
    boolean isCurrent(String asked) {
        return !hasEnded && asked.equals(token);
    }

    /** Notes that it is to be judged again; false when that has been noted and not yet been done. */
    boolean awaitJudgement() {
        boolean isFirst = !awaitsJudgement;
        awaitsJudgement = true;
        return isFirst;
    }

    /** It is being judged: what changes from now on is a reason to judge it once more. */
    void beginJudgement() {
        awaitsJudgement = false;
    }

    /** Where events of rows are judged for its user. */
    @Nullable
    ChangeSubscription place() {
        return place;
    }

    void place(ChangeSubscription taken) {
        place = taken;
    }

    /** It gets what its client has missed before it gets anything else. */
    void resume(Resumption missed) {
        resumption = missed;
        missed.start();
    }

    /** Puts off a task until its client has got what it missed; false when there is no reason to. */
    boolean putOff(Runnable task) {
        return resumption != null
                && resumption.isRunning()
                && afterResumption.size() < MOST_PUT_OFF
                && afterResumption.add(task);
    }

    /** Its client has got what it missed: does what was put off. */
    void resumed() {
        for (Runnable task = afterResumption.poll(); task != null; task = afterResumption.poll()) {
            task.run();
        }
    }

    void end() {
        if (resumption != null) {
            resumption.cancel();
        }
        if (place != null) {
            place.close();
        }
        hasEnded = true;
        expiry.cancel();
    }
}
