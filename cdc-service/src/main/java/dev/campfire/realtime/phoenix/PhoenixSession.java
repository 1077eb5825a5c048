package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.LoopHub;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One socket's conversation: which topics it has joined, and what comes of each message. Belongs to the socket's event
 * loop; nothing here blocks.
 */
public final class PhoenixSession {

    private static final String HEARTBEAT_TOPIC = "phoenix";

    private final PhoenixEndpoint endpoint;
    private final Serializer serializer;
    private final SocketLink link;
    private final LoopHub hub;
    private final SessionWriter writer;
    private final Joining joining;
    private final Broadcasting broadcasting;
    private final TokenWatch tokens;
    private final Map<String, JoinedTopic> topics = new HashMap<>();

    PhoenixSession(PhoenixEndpoint endpoint, ProtocolVersion version, String token, LoopHub hub, SocketLink link) {
        this.endpoint = endpoint;
        this.serializer = version.serializer();
        this.link = link;
        this.hub = hub;
        this.writer = new SessionWriter(version, link);
        this.joining = new Joining(endpoint, token, hub, writer);
        this.broadcasting = new Broadcasting(endpoint, writer, link);
        this.tokens = new TokenWatch(endpoint, writer, link, this::end);
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
        JoinedTopic joined = topics.get(message.topic());
        switch (message) {
            case ClientMessage.UserBroadcast broadcast when joined != null -> broadcasting.send(joined, broadcast);
            case ClientMessage.Push push when push.event().equals("phx_join") -> join(push, joined);
            case ClientMessage.Push push when joined != null -> push(push, joined);
            case ClientMessage.Push push when isHeartbeat(push) -> writer.ok(Ref.NONE, push.ref(), push.topic());
            case ClientMessage.Push push when isLeave(push) -> writer.ok(push.joinRef(), push.ref(), push.topic());
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
        writer.error(Ref.NONE, message.ref(), message.topic(), "unmatched topic");
    }

    /** A push on a joined topic; whether it names this join, an older one or none makes no difference, but for leaving. */
    private void push(ClientMessage.Push push, JoinedTopic joined) throws MalformedMessageException {
        switch (push.event()) {
            case "broadcast" -> broadcasting.send(joined, push);
            case "access_token" -> tokens.replace(joined, push);
            case "phx_leave" -> leave(push, joined);
            case "presence" ->
                writer.error(joined.joinRef(), push.ref(), push.topic(), "Presence is not available in this version");
            default -> endpoint.oddities().note(Oddity.UNKNOWN_EVENT);
        }
    }

    private void join(ClientMessage.Push push, @Nullable JoinedTopic old) throws MalformedMessageException {
        if (!TopicName.isChannel(push.topic())) {
            unmatched(push);
            return;
        }
        JoinRequest request = joining.read(push);
        if (old != null) {
            forget(old);
        }
        JoinedTopic joined = joining.join(push, request, topics.size());
        if (joined != null) {
            topics.put(joined.topic(), joined);
            tokens.watch(joined);
        }
        if (old != null) {
            writer.closed(old.joinRef(), old.topic());
        }
    }

    private void leave(ClientMessage.Push push, JoinedTopic joined) {
        if (!push.joinRef().isNone() && !push.joinRef().equals(joined.joinRef())) {
            // An older join of the same topic is being left, which this one has already replaced.
            writer.ok(push.joinRef(), push.ref(), push.topic());
            return;
        }
        forget(joined);
        writer.ok(joined.joinRef(), push.ref(), push.topic());
        writer.closed(joined.joinRef(), push.topic());
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
            case CLOSED -> writer.closed(joined.joinRef(), joined.topic());
            case ERRORED -> writer.errored(joined.joinRef(), joined.topic());
        }
    }

    private void forget(JoinedTopic joined) {
        joined.stopWatching();
        hub.leave(joined.subscription());
        topics.remove(joined.topic(), joined);
    }

    /** The socket has ended, for whatever reason: leaves everything, says nothing. */
    public void onClosed() {
        leaveAll();
    }

    private List<JoinedTopic> leaveAll() {
        List<JoinedTopic> left = List.copyOf(topics.values());
        left.forEach(this::forget);
        return left;
    }

    /** The server goes down: tells every topic so, and closes the socket. */
    public void shutDown() {
        for (JoinedTopic joined : leaveAll()) {
            writer.system(Ref.NONE, joined.topic(), "ok", "Server requested disconnect", null);
        }
        link.close(CloseReason.GOING_DOWN);
    }

    /** The client does not read what it is sent: leaves every topic, says why, and closes the socket. */
    public void tooSlow() {
        for (JoinedTopic joined : leaveAll()) {
            writer.system(
                    joined.joinRef(),
                    joined.topic(),
                    "error",
                    "Too much is waiting to be read by this client",
                    joined.name());
        }
        link.close(CloseReason.TOO_SLOW);
    }
}
