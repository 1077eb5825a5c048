package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.limits.TenantLimits;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** What all sessions share, and where they are opened. Safe for use by several threads. */
public final class PhoenixEndpoint {

    private final ChannelServices services;
    private final InstantSource clock;
    private final SessionLimits limits;
    private final JsonReader json;
    private final OddityLog oddities;
    private final Rejudgement rejudgement = new Rejudgement();
    private final Set<PhoenixSession> sessions = ConcurrentHashMap.newKeySet();

    public PhoenixEndpoint(ChannelServices services, InstantSource clock, SessionLimits limits) {
        this.services = services;
        this.clock = clock;
        this.limits = limits;
        this.json = new JsonReader(limits.jsonDepth());
        this.oddities = new OddityLog(clock);
    }

    /**
     * Opens the session of a socket that has been accepted.
     *
     * @param isCompressed whether its client takes compressed messages
     * @param token the token that the socket was opened with, which serves every join that brings none of its own
     * @param headers the {@code x-*} headers of the request that opened the socket, as a JSON object: policies see them
     * @param loop the socket's event loop, which is the only thread that may touch the session
     */
    public PhoenixSession open(
            ProtocolVersion version,
            boolean isCompressed,
            String token,
            String headers,
            Executor loop,
            SocketLink link) {
        Serializer serializer = isCompressed ? version.compressing() : version.serializer();
        SessionWriter writer = SessionWriter.ofSocket(serializer, link);
        return kept(new PhoenixSession(this, serializer, writer, token, headers, loop, link));
    }

    /**
     * Opens the session of a client that reads one channel as an event stream; {@link PhoenixSession#listen} joins it.
     *
     * @param loop the connection's event loop, which is the only thread that may touch the session
     */
    public PhoenixSession open(StreamRequest request, Executor loop, StreamLink link) {
        EventStreamSerializer serializer = request.serializer();
        SessionWriter writer = SessionWriter.ofStream(serializer, link, json);
        return kept(new PhoenixSession(this, serializer, writer, request.token(), request.headers(), loop, link));
    }

    private PhoenixSession kept(PhoenixSession session) {
        sessions.add(session);
        return session;
    }

    /** Reads channels for those who hold no socket, by the same rules. */
    public ChannelReader reader() {
        return new ChannelReader(services, limits);
    }

    /** Tells all sockets that the server wants them to come again, and closes them. Any thread; does not wait. */
    public void disconnectAll() {
        sessions.forEach(PhoenixSession::disconnect);
    }

    /**
     * Has all joins that policies ruled judged again; those that fall are told and ended. Any thread; does not wait.
     *
     * @param suspects whose come first
     */
    public void rejudge(Predicate<Claims> suspects) {
        sessions.forEach(session -> session.offerJudged(suspects, rejudgement));
    }

    /**
     * Something was committed that nobody is ever going to be told of: ends the channels that hear of the database, so that
     * their clients join again and learn that they have missed something. Any thread; does not wait.
     */
    public void historyLost() {
        sessions.forEach(PhoenixSession::offerGap);
    }

    /** How often something odd came from clients, since the start. */
    long count(Oddity oddity) {
        return oddities.count(oddity);
    }

    void forget(PhoenixSession session) {
        sessions.remove(session);
    }

    ChannelServices services() {
        return services;
    }

    TenantLimits tenantLimits() {
        return services.tenant().limits();
    }

    InstantSource clock() {
        return clock;
    }

    SessionLimits limits() {
        return limits;
    }

    JsonReader json() {
        return json;
    }

    OddityLog oddities() {
        return oddities;
    }
}
