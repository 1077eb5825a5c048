package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.identity.Claims;

/**
 * A topic that a socket has joined, from the reply to its join until it is left, replaced or ended. Owned by its session.
 *
 * <p>What a channel can do besides broadcasting will have its state here: presence its key, {@code postgres_changes} its
 * bindings.
 */
final class JoinedTopic {

    private final Ref joinRef;
    private final String topic;
    private final JoinRequest request;
    private final Subscription subscription;
    private String token;
    private Claims claims;
    private SocketLink.ScheduledTask expiry = () -> {};

    JoinedTopic(
            Ref joinRef, String topic, JoinRequest request, Subscription subscription, String token, Claims claims) {
        this.joinRef = joinRef;
        this.topic = topic;
        this.request = request;
        this.subscription = subscription;
        this.token = token;
        this.claims = claims;
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

    boolean wantsAck() {
        return request.ack();
    }

    boolean hearsItself() {
        return request.self();
    }

    Subscription subscription() {
        return subscription;
    }

    String token() {
        return token;
    }

    Claims claims() {
        return claims;
    }

    void renew(String token, Claims claims) {
        this.token = token;
        this.claims = claims;
    }

    /** Sets the task that looks at the token next, in place of the one before. */
    void watch(SocketLink.ScheduledTask next) {
        expiry.cancel();
        expiry = next;
    }

    void stopWatching() {
        expiry.cancel();
    }
}
