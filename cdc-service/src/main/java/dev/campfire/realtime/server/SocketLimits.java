package dev.campfire.realtime.server;

/**
 * What one socket, and all sockets of one address together, may do. A socket that does more is closed; its client may
 * come again.
 *
 * <p>Behind a gateway all clients have the gateway's address: so nothing of an address is limited unless it is set.
 *
 * @param socket of each socket
 * @param address of all sockets of one address
 * @param connectionsPerAddress how many connections an address may have at a time
 */
public record SocketLimits(Rates socket, Rates address, int connectionsPerAddress) {

    /** As good as no limit. */
    public static final int NONE = Integer.MAX_VALUE;

    /** What holds when nothing is set: far more than a client that means well ever does. */
    public static final SocketLimits DEFAULT =
            new SocketLimits(new Rates(10_000, 200_000, 256 << 20), new Rates(NONE, NONE, NONE), NONE);

    /**
     * What may come within a second.
     *
     * @param joins how many joins
     * @param frames how many messages
     * @param bytes how many bytes of messages
     */
    public record Rates(int joins, int frames, int bytes) {}
}
