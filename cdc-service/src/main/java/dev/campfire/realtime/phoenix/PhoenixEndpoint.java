package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.identity.TokenVerifier;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** What all sessions share, and where they are opened. Safe for use by several threads. */
public final class PhoenixEndpoint {

    private final ChannelHub hub;
    private final TokenVerifier verifier;
    private final ChannelAuthority authority;
    private final InstantSource clock;
    private final SessionLimits limits;
    private final JsonReader json;
    private final OddityLog oddities;

    /**
     * @param authority says who may read and write private channels
     */
    public PhoenixEndpoint(
            ChannelHub hub,
            TokenVerifier verifier,
            ChannelAuthority authority,
            InstantSource clock,
            SessionLimits limits) {
        this.hub = hub;
        this.verifier = verifier;
        this.authority = authority;
        this.clock = clock;
        this.limits = limits;
        this.json = new JsonReader(limits.jsonDepth());
        this.oddities = new OddityLog(clock);
    }

    /**
     * Opens the session of a socket that has been accepted.
     *
     * @param token the token that the socket was opened with, which serves every join that brings none of its own
     * @param loop the socket's event loop, which is the only thread that may touch the session
     */
    public PhoenixSession open(ProtocolVersion version, String token, Executor loop, SocketLink link) {
        return new PhoenixSession(this, version, token, hub.on(loop), link);
    }

    /** How often something odd came from clients, since the start. */
    public long count(Oddity oddity) {
        return oddities.count(oddity);
    }

    ChannelHub hub() {
        return hub;
    }

    TokenVerifier verifier() {
        return verifier;
    }

    ChannelAuthority authority() {
        return authority;
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
