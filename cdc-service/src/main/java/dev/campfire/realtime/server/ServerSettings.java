package dev.campfire.realtime.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens, and what it grants a connection. Sizes are in bytes.
 *
 * @param host the address to listen on; {@code 0.0.0.0} for all
 * @param port the port to listen on; 0 for any that is free
 * @param transport how the operating system is asked for I/O
 * @param eventLoops how many threads serve connections
 * @param connections how many connections there may be at a time
 * @param requestTimeout how long a request may take to arrive, and a connection may wait between two
 * @param idleTimeout how long a socket may send nothing. Clients send a heartbeat every 25 s, browsers let hidden tabs do
 *     so once a minute at best: the original's 60 s end those
 * @param closeGrace how long a socket that is being closed may take to answer
 * @param frameLimit the largest websocket frame or message
 * @param compresses whether messages are compressed for clients that offer it
 * @param bodyLimit the largest body of a request
 * @param headerValueLimit the longest value of a request's header
 * @param upgradeBackoff how long the answer to a refused websocket waits at most, when an address makes many
 * @param joinBackoff the same for refused joins
 * @param sockets what sockets and addresses may do
 * @param tls what connections are secured with; null for not at all
 * @param outboundLimit how much may wait to be read by one socket's client before it counts as too slow
 */
public record ServerSettings(
        String host,
        int port,
        Transport transport,
        int eventLoops,
        int connections,
        Duration requestTimeout,
        Duration idleTimeout,
        Duration closeGrace,
        int frameLimit,
        boolean compresses,
        int bodyLimit,
        int headerValueLimit,
        Duration upgradeBackoff,
        Duration joinBackoff,
        SocketLimits sockets,
        @Nullable TlsFiles tls,
        int outboundLimit) {

    /** What holds when nothing is set. */
    public static final ServerSettings DEFAULT = new ServerSettings(
            "0.0.0.0",
            4000,
            Transport.AUTO,
            Runtime.getRuntime().availableProcessors(),
            100_000,
            Duration.ofSeconds(15),
            Duration.ofMinutes(3),
            Duration.ofSeconds(2),
            5_000_000,
            false,
            8_000_000,
            4096,
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            SocketLimits.DEFAULT,
            null,
            16 * 1024 * 1024);

    public ServerSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535: " + port);
        }
        if (eventLoops < 1 || connections < 1) {
            throw new IllegalArgumentException("eventLoops and connections must be positive");
        }
        if (!requestTimeout.isPositive() || !idleTimeout.isPositive() || !closeGrace.isPositive()) {
            throw new IllegalArgumentException("timeouts must be positive");
        }
        if (frameLimit < 1 || bodyLimit < 1 || headerValueLimit < 1 || outboundLimit < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /** The same on another port. */
    public ServerSettings withPort(int newPort) {
        return at(host, newPort);
    }

    /** The same at another address and port. */
    public ServerSettings at(String newHost, int newPort) {
        return new ServerSettings(
                newHost,
                newPort,
                transport,
                eventLoops,
                connections,
                requestTimeout,
                idleTimeout,
                closeGrace,
                frameLimit,
                compresses,
                bodyLimit,
                headerValueLimit,
                upgradeBackoff,
                joinBackoff,
                sockets,
                tls,
                outboundLimit);
    }
}
