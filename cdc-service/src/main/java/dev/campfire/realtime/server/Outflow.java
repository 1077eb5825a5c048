package dev.campfire.realtime.server;

import dev.campfire.realtime.channel.StraightLine;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to one client, as bytes, past the encoders. Used by the channel's event loop alone.
 *
 * <p>Bytes come whole and go out as they are. The first ones since the last flush are kept here: when nothing else comes
 * before the next, they go straight to the operating system, which spares Netty's queue and everything that it has to note
 * down for each client. Small pieces that come behind them are gathered with them in one buffer. Whatever the system does not
 * take, and large pieces behind the first, go through the queue, which sends its pieces together. Where there is no descriptor
 * to write to (TLS, or a transport that has its own way), everything does.
 *
 * <p>Each piece is owned from when it is taken until it is sent or the channel ends. What waits is bounded by the
 * channel's high water mark: a client that is beyond it, even after a flush, takes nothing more and is let go.
 */
final class Outflow {

    private enum State {
        OPEN,
        /** The client is too slow: nothing more is taken but what the session still has to say. */
        FULL,
        LAST_WORDS,
        CLOSING
    }

    /** Copying as many bytes costs less than what a place in the queue does. */
    private static final int SMALL = 2 << 10;

    /** As many bytes are gathered at most. */
    private static final int GATHERED = 16 << 10;

    /** The name of the handler behind which whole frames go out, as bytes. */
    static final String RAW = "raw";

    private final Channel channel;
    private final ChannelHandlerContext raw;
    private final io.netty.channel.unix.@Nullable Socket descriptor;
    private final StraightLine line = new StraightLine();
    /** What goes out with the next flush, from {@code start} to {@code end}; null when there is nothing or it is queued. */
    private @Nullable ByteBuf next;

    private int start;
    private int end;
    /** Whether {@link #next} is a buffer of this client's own, to whose end more can be written. */
    private boolean isGathered;

    private Runnable onOverflow = () -> {};
    private State state = State.OPEN;
    private boolean awaitsFlush;

    /** Whether something may be in the channel's queue: nothing is when it was looked at, and nothing was queued since. */
    private boolean mayWait = true;

    private long written;

    Outflow(Channel channel) {
        this.channel = channel;
        this.raw = channel.pipeline().context(RAW);
        this.descriptor = descriptor(channel, raw);
    }

    private static io.netty.channel.unix.@Nullable Socket descriptor(Channel channel, ChannelHandlerContext raw) {
        boolean isPlain = channel.pipeline().firstContext() == raw;
        return isPlain
                        && channel instanceof EpollSocketChannel epoll
                        && epoll.fd() instanceof io.netty.channel.unix.Socket socket
                ? socket
                : null;
    }

    /** What is to be done, in a later task, when the client has turned out too slow. */
    void onOverflow(Runnable task) {
        this.onOverflow = task;
    }

    /** Open while nothing waits here; never, where there is no descriptor. */
    StraightLine line() {
        return line;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    /** Takes nothing more; what was taken stays in front of what is written to the channel from here on. */
    void close() {
        state = State.CLOSING;
        line.close();
        queueNext();
    }

    /** The channel has ended: what it did not take is released. */
    void discard() {
        line.close();
        if (next != null) {
            next.release();
            next = null;
        }
    }

    /** Writes what it owns from here on; whether this is the first write since the last flush. */
    boolean write(ByteBuf bytes) {
        if (!takes()) {
            bytes.release();
            return false;
        }
        return add(bytes, bytes.readerIndex(), bytes.writerIndex());
    }

    /** The same with a part of what others are sent, too, and which it shares with them. */
    boolean write(ByteBuf shared, int from, int to) {
        return takes() && add(shared.retain(), from, to);
    }

    /** Whether the next bytes can go straight to the operating system. */
    private boolean isReady() {
        return state == State.OPEN && !awaitsFlush && !mayWait && descriptor != null && descriptor.isOpen();
    }

    /** Sends a part of what others are sent, too, behind all that was written; whether nothing waits any more. */
    boolean send(ByteBuf shared, int from, int to) {
        if (descriptor == null || !isReady()) {
            write(shared, from, to);
            flush();
            return waiting() == 0;
        }
        written += to - from;
        int rest = from + send(descriptor, shared, from, to);
        if (rest == to) {
            return true;
        }
        queue(shared.retain(), rest, to);
        channel.flush();
        return false;
    }

    private boolean add(ByteBuf bytes, int from, int to) {
        written += to - from;
        boolean isFirst = !awaitsFlush;
        awaitsFlush = true;
        line.close();
        if (isFirst && descriptor != null) {
            next = bytes;
            start = from;
            end = to;
            isGathered = false;
        } else if (next != null && isGathering(to - from)) {
            gather(next, bytes, from, to);
        } else {
            queueNext();
            queue(bytes, from, to);
        }
        return isFirst;
    }

    private boolean isGathering(int more) {
        int known = end - start;
        return more <= SMALL && (isGathered || known <= SMALL) && known + more <= GATHERED;
    }

    private void gather(ByteBuf known, ByteBuf more, int from, int to) {
        ByteBuf gathered = known;
        if (!isGathered) {
            int both = end - start + to - from;
            gathered = channel.alloc().directBuffer(2 * both, GATHERED).writeBytes(known, start, end - start);
            known.release();
            next = gathered;
            start = 0;
            isGathered = true;
        }
        end = gathered.writeBytes(more, from, to - from).writerIndex();
        more.release();
    }

    private void queueNext() {
        ByteBuf bytes = next;
        if (bytes != null) {
            next = null;
            queue(bytes, start, end);
        }
    }

    private void queue(ByteBuf bytes, int from, int to) {
        ByteBuf part = bytes;
        if (from != bytes.readerIndex() || to != bytes.writerIndex() || bytes.refCnt() > 1) {
            // Others read the same bytes: each needs a place of its own in them.
            part = bytes.retainedSlice(from, to - from);
            bytes.release();
        }
        mayWait = true;
        line.close();
        raw.write(part, channel.voidPromise());
    }

    /** Whether there is room for something that is written past this. */
    boolean takes() {
        return switch (state) {
            case OPEN -> hasRoom();
            case LAST_WORDS -> true;
            case FULL, CLOSING -> false;
        };
    }

    /** Something is about to be written past this. */
    void writesPast() {
        queueNext();
        mayWait = true;
        awaitsFlush = true;
        line.close();
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
        ByteBuf bytes = next;
        if (bytes != null) {
            next = null;
            int rest = start + send(bytes);
            if (rest == end) {
                bytes.release();
                openLine();
                return;
            }
            queue(bytes, rest, end);
        }
        channel.flush();
    }

    private void openLine() {
        if (descriptor != null && isReady()) {
            line.open(descriptor);
        }
    }

    /** How much of the next bytes the operating system has taken; nothing while older ones wait for it. */
    private int send(ByteBuf bytes) {
        ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
        if (descriptor == null || queued == null || queued.totalPendingWriteBytes() > 0) {
            return 0;
        }
        mayWait = false;
        return send(descriptor, bytes, start, end);
    }

    private static int send(io.netty.channel.unix.Socket descriptor, ByteBuf bytes, int from, int to) {
        if (!bytes.hasMemoryAddress()) {
            return 0;
        }
        try {
            return descriptor.sendAddress(bytes.memoryAddress(), from, to);
        } catch (IOException e) {
            // Netty is going to meet the same when it tries, and ends the channel as it always does.
            return 0;
        }
    }

    /** How many bytes wait to be taken by the client's connection; 0 when it is closed. */
    long waiting() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() + (next == null ? 0 : end - start);
    }

    /** How many bytes were taken of those that did not go past this. */
    long taken() {
        return written - waiting();
    }
}
