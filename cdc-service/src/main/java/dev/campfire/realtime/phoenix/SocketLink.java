package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.channel.Outlet;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * What a session has of its socket. Used by the socket's event loop alone.
 *
 * <p>What a session writes while it handles a frame is flushed when the socket has been read empty; in a scheduled task
 * the session flushes itself.
 */
public interface SocketLink extends Outlet {

    /** A new buffer, which goes back through {@link #write}. */
    ByteBuf allocate(int capacity);

    /** Sends what was written and a close frame, and ends the socket when the client has answered or too long has not. */
    void close(CloseReason reason);

    /** Runs a task on the event loop, unless it is cancelled or the socket ends before. */
    ScheduledTask schedule(Duration delay, Runnable task);

    /** Counts a join; false when there are too many of this socket, or of its address. */
    boolean admitsJoin();

    /** Counts a join that is refused, and says how long its answer is to wait. */
    Duration refusalDelay();

    /** Reads no more from the client until the hub has room again. */
    void holdReading();

    /** A task that has been scheduled. */
    @FunctionalInterface
    interface ScheduledTask {
        void cancel();
    }
}
