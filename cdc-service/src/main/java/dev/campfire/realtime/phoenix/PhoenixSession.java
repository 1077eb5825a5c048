package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.vocabulary.ChannelNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One socket's conversation: which topics it has joined or is joining, and what comes of each message. Belongs to the
 * socket's event loop; nothing here blocks.
 */
public final class PhoenixSession {

    private static final String HISTORY_LOST =
            "Changes were lost: the database's replication slot was lost or moved. What is shown may be out of date";

    private static final String HEARTBEAT_TOPIC = "phoenix";

    private final PhoenixEndpoint endpoint;
    private final SocketContext context;
    private final Serializer serializer;
    private final JoinChecks checks;
    private final Broadcasting broadcasting;
    private final PresenceCalls presence;
    private final Heartbeats heartbeats;
    private final TokenWatch tokens;
    private final Renewal renewal;
    private final Map<String, JoinedTopic> topics = new HashMap<>();
    private final Map<String, PendingJoin> joins = new HashMap<>();
    private SocketLink.ScheduledTask channelWatch = () -> {};
    private boolean isClosed;

    PhoenixSession(
            PhoenixEndpoint endpoint,
            Serializer serializer,
            SessionWriter writer,
            String token,
            String headers,
            Executor loop,
            SocketLink link) {
        this.endpoint = endpoint;
        this.serializer = serializer;
        this.context = new SocketContext(
                endpoint, token, headers, loop, endpoint.services().hub().on(loop), link, writer);
        this.checks = new JoinChecks(endpoint.services(), link::admitsJoin, token);
        this.broadcasting = new Broadcasting(context, topics::values, this::end);
        this.presence = new PresenceCalls(context, this::end);
        this.heartbeats = new Heartbeats(context);
        this.renewal = new Renewal(context, this::end);
        this.tokens = new TokenWatch(context, renewal, this::end);
        context.hub().connected();
        awaitChannel();
    }

    /** A socket that nobody uses is ended after a while; its client opens another when it needs one. */
    private void awaitChannel() {
        channelWatch = context.link().schedule(endpoint.limits().withoutChannel(), () -> {
            if (topics.isEmpty() && joins.isEmpty()) {
                context.link().close(CloseReason.IDLE);
            } else {
                awaitChannel();
            }
        });
    }

    /** Joins the one channel of an event stream. */
    public void listen(StreamRequest request) {
        handle(request::join);
        context.link().flush();
    }

    /** Handles the payload of a text frame. */
    public void onText(byte[] payload) {
        handle(() -> serializer.readText(payload, endpoint.json()));
    }

    /** Handles the payload of a binary frame. */
    public void onBinary(byte[] payload) {
        handle(() -> serializer.readBinary(payload, endpoint.json()));
    }

    private interface Reading {
        ClientMessage read() throws MalformedMessageException;
    }

    /** What cannot be read or handled is dropped, and the socket goes on: so do the original's. */
    private void handle(Reading reading) {
        try {
            dispatch(reading.read());
        } catch (MalformedMessageException e) {
            endpoint.oddities().note(e.oddity());
        } catch (RuntimeException e) {
            endpoint.oddities().note(Oddity.HANDLER_FAILED, e);
        }
    }

    private void dispatch(ClientMessage message) throws MalformedMessageException {
        PendingJoin joining = joins.get(message.topic());
        if (joining != null) {
            if (!joining.keep(message)) {
                throw new MalformedMessageException(Oddity.TOO_MUCH_WAITING);
            }
            return;
        }
        JoinedTopic joined = topics.get(message.topic());
        switch (message) {
            case ClientMessage.UserBroadcast broadcast when joined != null -> broadcasting.send(joined, broadcast);
            case ClientMessage.Push push when push.event().equals("phx_join") -> join(push, joined);
            case ClientMessage.Push push when joined != null -> push(push, joined);
            case ClientMessage.Push push when isHeartbeat(push) -> heartbeats.answer(push, topics.values());
            case ClientMessage.Push push
            when isLeave(push) -> context.writer().ok(push.joinRef(), push.ref(), push.topic());
            default -> unmatched(message);
        }
    }

    private static boolean isHeartbeat(ClientMessage.Push push) {
        return push.topic().equals(HEARTBEAT_TOPIC) && push.event().equals("heartbeat");
    }

    private static boolean isLeave(ClientMessage.Push push) {
        return TopicName.isChannel(push.topic()) && push.event().equals("phx_leave");
    }

    private void unmatched(ClientMessage message) {
        context.writer().error(Ref.NONE, message.ref(), message.topic(), "unmatched topic");
    }

    /** A push on a joined topic; whether it names this join, an older one or none makes no difference, but for leaving. */
    private void push(ClientMessage.Push push, JoinedTopic joined) throws MalformedMessageException {
        switch (push.event()) {
            case "broadcast" -> broadcasting.send(joined, push);
            case "presence" -> presence.call(joined, push);
            case "access_token" -> tokens.replace(joined, push);
            case "phx_leave" -> leave(push, joined);
            default -> endpoint.oddities().note(Oddity.UNKNOWN_EVENT);
        }
    }

    private void join(ClientMessage.Push push, @Nullable JoinedTopic old) throws MalformedMessageException {
        if (!TopicName.isChannel(push.topic())) {
            unmatched(push);
            return;
        }
        JoinRequest request = request(push);
        if (old != null) {
            forget(old);
        }
        switch (checks.check(push, request, topics.size() + joins.size())) {
            case JoinChecks.Decision.Refused(String reason, CloseReason closing) -> {
                if (closing == null) {
                    new Joined(push, old).refused(reason);
                } else {
                    context.writer().error(push.joinRef(), push.ref(), push.topic(), reason);
                    leaveAll();
                    context.link().close(closing);
                }
            }
            case JoinChecks.Decision.Passed(JoinAttempt attempt) -> {
                JoinProcedure join = new JoinProcedure(context, attempt, new Joined(push, old));
                joins.put(push.topic(), join);
                join.start();
            }
        }
        // A thousand clients who come again at once are not to keep everybody else waiting until all of them were
        // looked at.
        context.hub().deliverFirst();
    }

    private JoinRequest request(ClientMessage.Push push) throws MalformedMessageException {
        byte[] payload = push.payload();
        if (payload == null) {
            throw new MalformedMessageException(Oddity.BAD_PAYLOAD);
        }
        String name = TopicName.subTopic(push.topic());
        boolean isNoTable = ChannelNames.isProtected(name)
                || context.services().legacyChannels().covers(name);
        return JoinRequest.of(endpoint.json().tree(payload), name, isNoTable);
    }

    /** What follows a join that has been answered. */
    private final class Joined implements JoinProcedure.Outcome {
        private final ClientMessage.Push push;
        private final @Nullable JoinedTopic old;

        Joined(ClientMessage.Push push, @Nullable JoinedTopic old) {
            this.push = push;
            this.old = old;
        }

        @Override
        public void joined(JoinedTopic joined) {
            if (topics.isEmpty()) {
                context.services().tenant().userCame();
            }
            topics.put(joined.topic(), joined);
            tokens.watch(joined);
            answered();
        }

        /** Refused again and again, a client is told so later and later; on this topic alone. */
        @Override
        public void refused(String reason) {
            Duration delay = context.link().refusalDelay();
            if (delay.isZero()) {
                refuse(reason);
                return;
            }
            PendingJoin before = joins.remove(push.topic());
            RefusedJoin refused = new RefusedJoin(context, delay, () -> refuse(reason));
            if (before != null) {
                before.waiting().forEach(refused::keep);
            }
            joins.put(push.topic(), refused);
        }

        private void refuse(String reason) {
            context.writer().error(push.joinRef(), push.ref(), push.topic(), reason);
            answered();
        }

        private void answered() {
            closeOld(old);
            PendingJoin join = joins.remove(push.topic());
            if (join != null) {
                handleWaiting(join.waiting());
            }
        }

        @Override
        public void replicationAwaited(JoinedTopic joined, boolean isEstablished) {
            String text = isEstablished
                    ? "Replication connection established"
                    : "Replication connection was not established in time";
            context.writer()
                    .system(joined.joinRef(), joined.topic(), isEstablished ? "ok" : "error", text, joined.name());
            if (!isEstablished) {
                end(joined, Ending.ERRORED);
            }
        }

        @Override
        public void resumeFailed(JoinedTopic joined, String message) {
            context.writer().system(joined.joinRef(), joined.topic(), "error", message, joined.name());
            end(joined, Ending.ERRORED);
        }

        @Override
        public void changesFailed(JoinedTopic joined, String message) {
            renewal.failed(joined, message);
        }
    }

    private void handleWaiting(Queue<ClientMessage> waiting) {
        for (ClientMessage message = waiting.poll(); message != null && !isClosed; message = waiting.poll()) {
            ClientMessage next = message;
            handle(() -> next);
        }
    }

    private void closeOld(@Nullable JoinedTopic old) {
        if (old != null) {
            context.writer().closed(old.joinRef(), old.topic());
        }
    }

    private void leave(ClientMessage.Push push, JoinedTopic joined) {
        if (!push.joinRef().isNone() && !push.joinRef().equals(joined.joinRef())) {
            // An older join of the same topic is being left, which this one has already replaced.
            context.writer().ok(push.joinRef(), push.ref(), push.topic());
            return;
        }
        presence.untrack(joined);
        forget(joined);
        context.writer().ok(joined.joinRef(), push.ref(), push.topic());
        context.writer().closed(joined.joinRef(), push.topic());
    }

    /** How a channel ends that the client did not leave. */
    enum Ending {
        /** For good: the client forgets the channel. */
        CLOSED,
        /** For now: the client joins again. */
        ERRORED
    }

    private void end(JoinedTopic joined, Ending ending) {
        forget(joined);
        switch (ending) {
            case CLOSED -> context.writer().closed(joined.joinRef(), joined.topic());
            case ERRORED -> context.writer().errored(joined.joinRef(), joined.topic());
        }
    }

    private void forget(JoinedTopic joined) {
        if (!topics.remove(joined.topic(), joined)) {
            return;
        }
        joined.end();
        presence.lose(joined);
        joined.subscriptions().forEach(context.hub()::leave);
        TopicChanges changes = joined.changes();
        if (changes != null) {
            changes.end(context.hub());
        }
        joined.retiring().forEach(older -> older.end(context.hub()));
        joined.retiring().clear();
        if (topics.isEmpty()) {
            context.services().tenant().userLeft();
        }
    }

    /** The socket has ended, for whatever reason: leaves everything, says nothing. */
    public void onClosed() {
        leaveAll();
    }

    private List<JoinedTopic> leaveAll() {
        if (!isClosed) {
            isClosed = true;
            context.hub().disconnected();
            channelWatch.cancel();
            endpoint.forget(this);
        }
        joins.values().forEach(PendingJoin::cancel);
        joins.clear();
        List<JoinedTopic> left = List.copyOf(topics.values());
        left.forEach(this::forget);
        return left;
    }

    /** Puts the joins that policies ruled into a queue, to be judged again. Any thread. */
    void offerJudged(Predicate<Claims> suspects, Rejudgement queue) {
        context.onLoop(() -> {
            for (JoinedTopic joined : topics.values()) {
                if (joined.isJudged() && joined.awaitJudgement()) {
                    queue.add(
                            done -> context.onLoop(() -> renewal.rejudge(joined, done), done),
                            suspects.test(joined.claims()));
                }
            }
        });
    }

    /** Ends the channels that hear of the database, for something of it is missing. Any thread. */
    void offerGap() {
        context.onLoop(() -> {
            for (JoinedTopic joined : List.copyOf(topics.values())) {
                if (joined.place() != null || joined.changes() != null) {
                    context.writer().system(joined.joinRef(), joined.topic(), "error", HISTORY_LOST, joined.name());
                    end(joined, Ending.ERRORED);
                }
            }
        });
    }

    /** Does the same as {@link #shutDown}, soon. Any thread. */
    void disconnect() {
        context.onLoop(this::shutDown);
    }

    /** The server goes down, or wants its clients to come again: tells every topic so, and closes the socket. */
    public void shutDown() {
        for (JoinedTopic joined : leaveAll()) {
            context.writer().system(Ref.NONE, joined.topic(), "ok", "Server requested disconnect", null);
        }
        context.link().close(CloseReason.GOING_DOWN);
    }

    /** The client sends more than it may: leaves every topic, says why, and closes the socket. */
    public void tooMuch() {
        for (JoinedTopic joined : leaveAll()) {
            context.writer()
                    .system(joined.joinRef(), joined.topic(), "error", "Too many messages per second", joined.name());
        }
        context.link().close(CloseReason.TOO_MUCH);
    }

    /** The client does not read what it is sent: leaves every topic, says why, and closes the socket. */
    public void tooSlow() {
        for (JoinedTopic joined : leaveAll()) {
            context.writer()
                    .system(
                            joined.joinRef(),
                            joined.topic(),
                            "error",
                            "Too much is waiting to be read by this client",
                            joined.name());
        }
        context.link().close(CloseReason.TOO_SLOW);
    }
}
