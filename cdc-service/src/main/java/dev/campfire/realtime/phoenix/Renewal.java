package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.changes.ChangeSubscription;
import dev.campfire.realtime.changes.SubscribeOutcome;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.phoenix.PhoenixSession.Ending;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a new token means for a topic that has been joined: whether its client may still read, and whose rows it sees.
 * Used by the socket's event loop alone.
 */
final class Renewal {

    /** For longer than that no change waits for what has to be asked first: its channel is ended before. */
    private static final Duration ON_THEIR_WAY = Duration.ofSeconds(60);

    /** For longer than that no event waits for Postgres to judge it. */
    private static final Duration STILL_JUDGED = Duration.ofSeconds(15);

    /** How often it is asked again whether a client may go on reading, when that could not be answered. */
    private static final int FURTHER_ATTEMPTS = 3;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final SocketContext context;
    private final BiConsumer<JoinedTopic, Ending> end;

    Renewal(SocketContext context, BiConsumer<JoinedTopic, Ending> end) {
        this.context = context;
        this.end = end;
    }

    /** What is answered for a token that has itself been replaced meanwhile does not count. */
    void renew(JoinedTopic joined) {
        String token = joined.token();
        changePlace(joined);
        if (joined.isJudged()) {
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

    /**
     * Judges a topic again because policies may say something else now. What its client may send is asked anew, too.
     *
     * @param done run when the answer is there
     */
    void rejudge(JoinedTopic joined, Runnable done) {
        joined.beginJudgement();
        if (joined.hasEnded()) {
            done.run();
            return;
        }
        joined.askAnew(context.headers());
        rejudge(joined, FURTHER_ATTEMPTS, done);
    }

    private void rejudge(JoinedTopic joined, int furtherAttempts, Runnable done) {
        String token = joined.token();
        context.await(
                context.services().authority().readable(joined.user(context.headers()), joined.readable()),
                (may, failure) -> {
                    done.run();
                    if (!joined.isCurrent(token)) {
                        return;
                    }
                    if (failure != null && furtherAttempts > 0) {
                        context.link().schedule(BETWEEN_ATTEMPTS, () -> rejudge(joined, furtherAttempts - 1, () -> {}));
                    } else {
                        judged(joined, may, failure);
                        context.link().flush();
                    }
                });
    }

    /** What is on its way for the one who listened until now still arrives. */
    private void changePlace(JoinedTopic joined) {
        ChangeSubscription before = joined.place();
        Subscription messages = joined.subscription();
        if (before == null || messages == null) {
            return;
        }
        Viewer viewer = Viewer.of(joined.claims());
        joined.place(context.services()
                .events()
                .enter(joined.key(), viewer, message -> context.onLoop(() -> failed(joined, message))));
        messages.listener(viewer);
        before.close();
        String token = joined.token();
        context.link().schedule(STILL_JUDGED, () -> {
            if (joined.isCurrent(token)) {
                messages.forgetFormerListener();
            }
        });
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

    private void resubscribed(JoinedTopic joined, @Nullable SubscribeOutcome outcome, @Nullable Throwable failure) {
        if (failure != null || outcome == null) {
            failed(joined, "Realtime was unable to connect to the project database");
            return;
        }
        TopicChanges before = joined.changes();
        switch (outcome) {
            case SubscribeOutcome.Subscribed(var key, ChangeSubscription changes) -> {
                Subscription messages = context.hub()
                        .joinHeld(
                                key,
                                context.link(),
                                context.writer().format(),
                                joined.topic(),
                                Viewer.of(joined.claims()));
                handOver(joined, before, new TopicChanges(changes, messages));
            }
            case SubscribeOutcome.Refused refused -> {
                joined.changes(null);
                if (before != null) {
                    before.end(context.hub());
                }
            }
        }
        context.writer().changesStatus(joined.joinRef(), joined.topic(), joined.name(), outcome);
    }

    /**
     * The old subscription ends exactly where the new one begins. Changes up to now may still be on their way to the old
     * one, so it stays for a while and gets nothing newer; the new one gets nothing older.
     */
    private void handOver(JoinedTopic joined, @Nullable TopicChanges before, TopicChanges after) {
        long last = context.services().feed().sequence();
        context.hub().release(after.messages(), message -> sequence(message) > last);
        joined.changes(after);
        if (before != null) {
            context.hub().sift(before.messages(), message -> sequence(message) <= last);
            joined.retiring().add(before);
        }
        context.link().schedule(ON_THEIR_WAY, () -> {
            if (joined.changes() == after) {
                context.hub().settle(after.messages());
            }
            if (before != null && joined.retiring().remove(before)) {
                before.end(context.hub());
            }
        });
    }

    private static long sequence(Message message) {
        return message instanceof Message.Push push ? push.sequence() : 0;
    }

    /** Changes could not be judged: the client is told, and comes again. */
    void failed(JoinedTopic joined, String message) {
        if (!joined.hasEnded()) {
            context.writer().changesError(joined.joinRef(), joined.topic(), joined.name(), message);
            end.accept(joined, Ending.ERRORED);
        }
    }
}
