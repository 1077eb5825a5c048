package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of one socket, bounded in bytes. Used by the socket's event loop alone.
 *
 * <p>No method calls back into the hub before it returns: an outlet that has had enough of a slow reader stops taking
 * frames at once and ends its subscriptions in a later task of its loop.
 */
public interface Outlet {

    /**
     * Takes frames to be sent. Owns the buffer from here on, and releases it whatever happens.
     *
     * @return whether this is the first write since the last flush: the caller then sees to it that {@link #flush}
     *     comes, once, behind whatever else it has to write
     */
    boolean write(ByteBuf frames);

    /**
     * Takes a part of frames that other outlets are given, too. Does not own the buffer: it shares it for as long as it
     * needs the bytes, and changes nothing of it.
     *
     * @return the same as of {@link #write(ByteBuf)}
     */
    default boolean write(ByteBuf shared, int start, int end) {
        return write(shared.retainedSlice(start, end - start));
    }

    /** Sends what was written, as far as the socket takes it. */
    void flush();

    /**
     * Writes a part of shared frames, as {@link #write(ByteBuf, int, int)}, and sends it: for when there
     * is nothing else for this outlet to share a flush with.
     *
     * @return whether nothing waits here any more
     */
    default boolean send(ByteBuf shared, int start, int end) {
        write(shared, start, end);
        flush();
        return waiting() == 0;
    }

    /** How many bytes were written here that the socket has not taken yet; 0 when it is closed. */
    long waiting();

    /** How much the socket has taken: grows whenever it takes something of what waited here. */
    long taken();

    /** A way past this that is open while nothing waits here; null when there is none. Always the same. */
    default @Nullable StraightLine line() {
        return null;
    }

    /** Something that this socket was to get could not be written: it is closed, so that its client knows of the gap. */
    void fail(Throwable cause);
}
