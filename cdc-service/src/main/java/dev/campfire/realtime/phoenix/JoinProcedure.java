package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.changes.ChangeSubscription;
import dev.campfire.realtime.changes.MissedRows;
import dev.campfire.realtime.changes.SubscribeOutcome;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Subscription;
import dev.campfire.realtime.journal.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One join on its way: waits for the stream, asks for permission, for what is to be replayed and for {@code
 * postgres_changes}, and answers. Used by the socket's event loop alone; while it waits, the socket goes on.
 */
final class JoinProcedure extends PendingJoin {

    /** How long a client that wants to know waits for the stream. */
    private static final Duration REPLICATION = Duration.ofSeconds(60);

    /**
     * How far the stream may be behind the table that is replayed from: for as long, what was replayed is not delivered
     * a second time.
     */
    private static final Duration STREAM_BEHIND = Duration.ofMinutes(1);

    private static final String UNABLE_TO_REPLAY = "UnableToReplayMessages: Realtime was unable to replay messages";

    private final SocketContext context;
    private final Outcome outcome;
    private final SocketLink.ScheduledTask deadline;

    private JoinAttempt attempt;
    private Set<Extension> readable = EnumSet.allOf(Extension.class);
    private @Nullable Subscription held;
    private @Nullable ChangeSubscription place;
    private List<Message.Broadcast> replay = List.of();
    private ResumeSource.@Nullable Sought sought;
    private ResumeSource.@Nullable Found found;
    private @Nullable SubscribeOutcome subscribed;
    private @Nullable JoinedTopic joined;
    private boolean isOver;

    /** What is told of a join's end. */
    interface Outcome {

        /** It is joined, and its client knows. */
        void joined(JoinedTopic topic);

        /** It is to be refused: its client is told by whom this is told to. */
        void refused(String reason);

        /** The stream is read, or was not in time, and the client had asked to be told. */
        void replicationAwaited(JoinedTopic topic, boolean isEstablished);

        /** Changes of a joined topic could not be judged. */
        void changesFailed(JoinedTopic topic, String message);

        /** What the client of a joined topic has missed could not be told. */
        void resumeFailed(JoinedTopic topic, String message);
    }

    JoinProcedure(SocketContext context, JoinAttempt attempt, Outcome outcome) {
        this.context = context;
        this.attempt = attempt;
        this.outcome = outcome;
        this.deadline = context.link().schedule(patience(), () -> {
            timeOut();
            context.link().flush();
        });
    }

    private Duration patience() {
        JoinRequest.Changes changes = attempt.request().changes();
        return changes.areWanted() && changes.waits()
                ? changes.timeout()
                : context.endpoint().limits().joining();
    }

    /** Begins, and answers before it returns when nothing has to be waited for. */
    void start() {
        if (attempt.needsDatabase()) {
            context.await(context.services().readiness().ready(), (nothing, failure) -> step(failure, this::authorize));
        } else {
            holdForReplay();
        }
    }

    @Override
    void cancel() {
        isOver = true;
        deadline.cancel();
        if (held != null) {
            context.hub().leave(held);
        }
        if (place != null) {
            place.close();
        }
        if (subscribed instanceof SubscribeOutcome.Subscribed(var key, ChangeSubscription subscription)) {
            subscription.close();
        }
    }

    private void step(@Nullable Throwable failure, Runnable next) {
        if (isOver) {
            return;
        }
        if (failure == null) {
            next.run();
        } else {
            refuse(AuthorityReasons.ofJoin(failure, attempt.name()));
        }
    }

    private void authorize() {
        JoinRequest.Resume resume = attempt.request().resume();
        if (resume != null) {
            sought = seek(resume);
        }
        context.await(
                new JoinPermission(context.services()).ask(attempt, context.headers()),
                (answer, failure) -> step(failure, () -> authorized(answer)));
    }

    private void authorized(JoinPermission.@Nullable Granted granted) {
        if (granted == null || granted.readable().isEmpty()) {
            refuse(AuthorityReasons.unauthorized(attempt.name()));
            return;
        }
        attempt = granted.attempt();
        readable = EnumSet.copyOf(granted.readable());
        holdForReplay();
    }

    /** Subscribes before it asks for what was before: what is published meanwhile is kept aside. */
    private void holdForReplay() {
        JoinRequest.Resume resume = attempt.request().resume();
        if (resume != null) {
            ResumeSource.Sought seeking = sought == null ? seek(resume) : sought;
            sought = seeking;
            context.await(
                    seeking.found(),
                    (answer, failure) -> step(failure, () -> {
                        found = answer;
                        subscribe();
                    }));
            return;
        }
        JoinRequest.Replay wanted = attempt.request().replay();
        if (wanted == null) {
            subscribe();
            return;
        }
        if (wanted.since() == null) {
            refuse("UnableToReplayMessages: Replay params are not valid");
            return;
        }
        if (!readable.contains(Extension.BROADCAST)) {
            subscribe();
            return;
        }
        held = context.hub()
                .joinHeld(attempt.key(), context.link(), context.writer().format(), attempt.topic(), takePlace());
        context.await(
                new Replays(context.services())
                        .since(
                                attempt.name(),
                                Instant.ofEpochMilli(wanted.since()),
                                wanted.limit(),
                                Viewer.of(attempt.claims())),
                (events, failure) -> replayed(events, failure));
    }

    private ResumeSource.Sought seek(JoinRequest.Resume resume) {
        ResumeSource source = context.services().resume();
        if (attempt.request().changes().areWanted()) {
            // What is to be read depends on what it gets subscribed to.
            return new ResumeSource.Sought(source.find(resume.after()), CompletableFuture.completedFuture(null));
        }
        ChannelKey key = attempt.key();
        return source.seek(resume.after(), Selection.channel(key.name(), key.side() != ChannelKey.Side.PUBLIC));
    }

    private void replayed(@Nullable List<Message.Broadcast> events, @Nullable Throwable failure) {
        if (isOver) {
            return;
        }
        if (failure != null || events == null) {
            refuse(UNABLE_TO_REPLAY);
            return;
        }
        replay = events;
        subscribe();
    }

    private void subscribe() {
        JoinRequest.Changes changes = attempt.request().changes();
        if (!changes.areWanted()) {
            finish();
            return;
        }
        context.await(
                context.services()
                        .feed()
                        .subscribe(
                                ChangeRequests.of(attempt, changes, message -> context.onLoop(() -> failed(message)))),
                this::subscribed);
    }

    private void subscribed(@Nullable SubscribeOutcome answer, @Nullable Throwable failure) {
        if (isOver) {
            if (answer instanceof SubscribeOutcome.Subscribed(var key, ChangeSubscription late)) {
                late.close();
            }
            return;
        }
        if (failure != null) {
            refuse(AuthorityReasons.UNREACHABLE);
            return;
        }
        subscribed = answer;
        if (answer instanceof SubscribeOutcome.Refused(String message)
                && attempt.request().changes().waits()) {
            refuse("RealtimeDisabledForConfiguration: " + message);
        } else {
            finish();
        }
    }

    private void failed(String message) {
        if (joined != null && !joined.hasEnded()) {
            outcome.changesFailed(joined, message);
        }
    }

    private void timeOut() {
        if (isOver) {
            return;
        }
        JoinRequest.Changes changes = attempt.request().changes();
        refuse(
                changes.areWanted() && changes.waits()
                        ? "PostgresChangesSubscribeTimeout: Timed out after "
                                + changes.timeout().toMillis() + "ms waiting for the postgres_changes subscription"
                        : AuthorityReasons.UNREACHABLE);
    }

    private void refuse(String reason) {
        cancel();
        outcome.refused(reason);
    }

    /** Everything is in force before the reply is written, so whatever is published after it is read arrives. */
    private void finish() {
        if (held != null && held.isOverfull()) {
            refuse(UNABLE_TO_REPLAY);
            return;
        }
        isOver = true;
        deadline.cancel();
        SessionWriter writer = context.writer();
        JoinedTopic topic = join();
        joined = topic;
        writer.ok(
                attempt.joinRef(),
                attempt.ref(),
                attempt.topic(),
                JoinReply.of(attempt.request(), found, context.services().feed()));
        replay.forEach(event -> writer.replay(attempt.joinRef(), attempt.topic(), event));
        if (held != null) {
            goOn(held);
        }
        if (attempt.request().presence().isEnabled() && readable.contains(Extension.PRESENCE)) {
            writer.presenceState(
                    attempt.joinRef(),
                    attempt.topic(),
                    context.services().presences().state(attempt.key()));
        }
        if (subscribed != null) {
            writer.changesStatus(attempt.joinRef(), attempt.topic(), attempt.name(), subscribed);
        }
        outcome.joined(topic);
        resume(topic);
        if (attempt.request().awaitsReplication()) {
            awaitReplication(topic);
        }
    }

    /** Lets what comes live follow what was replayed, but for what was among that. */
    private void goOn(Subscription messages) {
        Set<String> seen = replay.stream()
                .map(Message.Broadcast::id)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        context.hub().release(messages, message -> !isAmong(seen, message));
        if (seen.isEmpty()) {
            context.hub().settle(messages);
        } else {
            context.link().schedule(STREAM_BEHIND, () -> context.hub().settle(messages));
        }
    }

    private void awaitReplication(JoinedTopic topic) {
        context.await(
                context.services()
                        .readiness()
                        .ready()
                        .toCompletableFuture()
                        .copy()
                        .orTimeout(REPLICATION.toSeconds(), TimeUnit.SECONDS),
                (nothing, failure) -> {
                    if (!topic.hasEnded()) {
                        outcome.replicationAwaited(topic, failure == null);
                    }
                });
    }

    private static boolean isAmong(Set<String> ids, Message message) {
        return message instanceof Message.Broadcast broadcast && broadcast.id() != null && ids.contains(broadcast.id());
    }

    /** Begins to tell what was missed; all that is published meanwhile is kept aside. */
    private void resume(JoinedTopic topic) {
        if (found == null || sought == null) {
            return;
        }
        List<Subscription> waiting = new ArrayList<>(2);
        MissedRows rows = null;
        if (topic.subscription() != null) {
            waiting.add(topic.subscription());
        }
        if (topic.changes() != null) {
            waiting.add(topic.changes().messages());
            rows = topic.changes().subscription().missed();
        }
        topic.resume(new Resumption(context, topic, found, sought.firstPage(), rows, waiting, message -> {
            if (!topic.hasEnded()) {
                outcome.resumeFailed(topic, message);
            }
        }));
    }

    private JoinedTopic join() {
        Subscription messages = held;
        if (messages == null && readable.contains(Extension.BROADCAST)) {
            messages = listen(attempt.key(), takePlace());
        }
        Subscription presence = null;
        boolean isPresenceApart = !attempt.key().presence().equals(attempt.key());
        if (isPresenceApart && attempt.request().presence().isEnabled() && readable.contains(Extension.PRESENCE)) {
            presence = subscription(attempt.key().presence(), null);
        }
        JoinedTopic topic = new JoinedTopic(context, attempt, readable, messages, presence, place);
        topic.hearSignals(context.services().legacyChannels().covers(attempt.name()), bus -> subscription(bus, null));
        topic.throttle(context);
        if (subscribed instanceof SubscribeOutcome.Subscribed(var key, ChangeSubscription changes)) {
            topic.changes(new TopicChanges(changes, listen(key, Viewer.of(attempt.claims()))));
        }
        return topic;
    }

    /** Listens on what can be resumed. */
    private Subscription listen(ChannelKey key, @Nullable Viewer viewer) {
        return found != null
                ? context.hub().joinHeld(key, context.link(), context.writer().format(), attempt.topic(), viewer)
                : subscription(key, viewer);
    }

    private Subscription subscription(ChannelKey key, @Nullable Viewer viewer) {
        return context.hub().join(key, context.link(), context.writer().format(), attempt.topic(), viewer);
    }

    /** Rows are told on channels that not everybody may join; who listens there is judged as the one of the token. */
    private @Nullable Viewer takePlace() {
        if (attempt.key().side() == ChannelKey.Side.PUBLIC) {
            return null;
        }
        Viewer viewer = Viewer.of(attempt.claims());
        place = context.services()
                .events()
                .enter(attempt.key(), viewer, message -> context.onLoop(() -> failed(message)));
        return viewer;
    }
}
