package dev.campfire.realtime.server;

import java.util.function.LongSupplier;

/** Counts what comes from a socket, or from all sockets of an address, second by second. Safe for use by several threads. */
final class Traffic {

    private static final long SECOND = 1_000_000_000;

    private final SocketLimits.Rates limits;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private long since;
    private long joins;
    private long frames;
    private long bytes;

    Traffic(SocketLimits.Rates limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Counts a message; false when that is one too many, or its bytes are. */
    synchronized boolean frame(int size) {
        turn();
        frames++;
        bytes += size;
        // A single message is never too much: how large one may be is another limit.
        return frames <= limits.frames() && (bytes <= limits.bytes() || frames == 1);
    }

    /** Counts a join; false when that is one too many. */
    synchronized boolean join() {
        turn();
        return ++joins <= limits.joins();
    }

    private void turn() {
        long now = nanoTime.getAsLong();
        if (now - since >= SECOND) {
            since = now;
            joins = 0;
            frames = 0;
            bytes = 0;
        }
    }
}
