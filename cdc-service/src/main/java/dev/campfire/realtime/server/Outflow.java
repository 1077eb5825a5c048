package dev.campfire.realtime.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * What goes out to one client, as bytes, past the encoders. Used by the channel's event loop alone.
 *
 * <p>Bytes come whole and go to Netty as they are; Netty releases them when they are sent or the channel ends. What waits
 * is bounded by the channel's high water mark: a client that is beyond it, even after a flush, takes nothing more and is
 * let go.
 */
final class Outflow {

    private enum State {
        OPEN,
        /** The client is too slow: nothing more is taken but what the session still has to say. */
        FULL,
        LAST_WORDS,
        CLOSING
    }

    /** The name of the handler behind which whole frames go out, as bytes. */
    static final String RAW = "raw";

    private final Channel channel;
    private final ChannelHandlerContext raw;
    private Runnable onOverflow = () -> {};
    private State state = State.OPEN;
    private boolean awaitsFlush;
    private long written;

    Outflow(Channel channel) {
        this.channel = channel;
        this.raw = channel.pipeline().context(RAW);
    }

    /** What is to be done, in a later task, when the client has turned out too slow. */
    void onOverflow(Runnable task) {
        this.onOverflow = task;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    /** Takes nothing more. */
    void close() {
        state = State.CLOSING;
    }

    /** Writes what it owns from here on; whether this is the first write since the last flush. */
    boolean write(ByteBuf bytes) {
        if (!takes()) {
            bytes.release();
            return false;
        }
        written += bytes.readableBytes();
        raw.write(bytes, channel.voidPromise());
        boolean isFirst = !awaitsFlush;
        awaitsFlush = true;
        return isFirst;
    }

    /** Whether there is room for something that is written past this. */
    boolean takes() {
        return switch (state) {
            case OPEN -> hasRoom();
            case LAST_WORDS -> true;
            case FULL, CLOSING -> false;
        };
    }

    /** Something was written past this. */
    void wrote() {
        awaitsFlush = true;
    }

    private boolean hasRoom() {
        if (channel.isWritable()) {
            return true;
        }
        // Much may have come in one turn: a client counts as slow when the socket does not take it, not before.
        flush();
        if (channel.isWritable() || !channel.isActive()) {
            return channel.isActive();
        }
        state = State.FULL;
        channel.eventLoop().execute(() -> {
            if (state == State.FULL) {
                state = State.LAST_WORDS;
                onOverflow.run();
            }
        });
        return false;
    }

    void flush() {
        awaitsFlush = false;
        channel.flush();
    }

    /** How many bytes wait to be taken by the client's connection; 0 when it is closed. */
    long waiting() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** How many bytes were taken, ever. */
    long taken() {
        return written - waiting();
    }
}
