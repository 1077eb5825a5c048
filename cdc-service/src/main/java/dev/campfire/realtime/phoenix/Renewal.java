package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.changes.ChangeSubscription;
import dev.campfire.realtime.changes.SubscribeOutcome;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.phoenix.PhoenixSession.Ending;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a new token means for a topic that has been joined: whether its client may still read, and whose rows it sees.
 * Used by the socket's event loop alone.
 */
final class Renewal {

    private final SocketContext context;
    private final BiConsumer<JoinedTopic, Ending> end;

    Renewal(SocketContext context, BiConsumer<JoinedTopic, Ending> end) {
        this.context = context;
        this.end = end;
    }

    /** What is answered for a token that has itself been replaced meanwhile does not count. */
    void renew(JoinedTopic joined) {
        String token = joined.token();
        if (joined.isPrivate()) {
            Set<Extension> had = joined.readable();
            context.await(
                    context.services().authority().readable(joined.user(context.headers()), had), (may, failure) -> {
                        if (joined.isCurrent(token)) {
                            judged(joined, may, failure);
                        }
                    });
        }
        if (joined.changes() != null) {
            resubscribe(joined);
        }
    }

    private void judged(JoinedTopic joined, @Nullable Set<Extension> may, @Nullable Throwable failure) {
        if (failure != null || may == null) {
            String text = failure == null ? "" : AuthorityReasons.ofRenewal(failure);
            context.writer().system(joined.joinRef(), joined.topic(), "error", text, joined.name());
            end.accept(joined, Ending.ERRORED);
        } else if (!may.containsAll(joined.readable())) {
            String text = "You no longer have permission to read from this Channel topic: " + joined.name();
            context.writer().system(joined.joinRef(), joined.topic(), "error", text, joined.name());
            end.accept(joined, Ending.CLOSED);
        }
    }

    private void resubscribe(JoinedTopic joined) {
        String token = joined.token();
        context.await(
                context.services()
                        .feed()
                        .subscribe(ChangeRequests.of(
                                joined.claims(),
                                joined.request().changes(),
                                message -> context.onLoop(() -> failed(joined, message)))),
                (outcome, failure) -> {
                    if (joined.isCurrent(token)) {
                        resubscribed(joined, outcome, failure);
                    } else if (outcome instanceof SubscribeOutcome.Subscribed(var key, ChangeSubscription late)) {
                        late.close();
                    }
                });
    }

    /** The old subscription ends where the new one begins: both have been in force, so nothing falls in between. */
    private void resubscribed(JoinedTopic joined, @Nullable SubscribeOutcome outcome, @Nullable Throwable failure) {
        if (failure != null || outcome == null) {
            failed(joined, "Realtime was unable to connect to the project database");
            return;
        }
        leave(joined.changes());
        joined.changes(null);
        if (outcome instanceof SubscribeOutcome.Subscribed(var key, ChangeSubscription changes)) {
            Subscription messages =
                    context.hub().join(key, context.link(), context.writer().format(), joined.topic());
            joined.changes(new TopicChanges(changes, messages));
        }
        context.writer().changesStatus(joined.joinRef(), joined.topic(), joined.name(), outcome);
    }

    private void leave(@Nullable TopicChanges changes) {
        if (changes != null) {
            changes.subscription().close();
            context.hub().leave(changes.messages());
        }
    }

    /** Changes could not be judged: the client is told, and comes again. */
    void failed(JoinedTopic joined, String message) {
        if (!joined.hasEnded()) {
            context.writer().changesError(joined.joinRef(), joined.topic(), joined.name(), message);
            end.accept(joined, Ending.ERRORED);
        }
    }
}
