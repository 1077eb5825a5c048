package dev.campfire.realtime.server;

import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.StraightLine;
import dev.campfire.realtime.phoenix.CloseReason;
import dev.campfire.realtime.phoenix.SocketLink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending side of a websocket, as session and hub see it. Used by the channel's event loop alone.
 *
 * <p>Frames come whole. What waits of them is bounded, see {@link Outflow}: a socket whose client is too slow is closed.
 */
final class Socket implements SocketLink {

    private static final Logger LOG = LoggerFactory.getLogger(Socket.class);

    /** How often a socket that is held looks whether the hub has room again. */
    private static final Duration HOLD = Duration.ofMillis(5);

    private final Channel channel;
    private final Outflow out;
    private final Traffic traffic;
    private final @Nullable Traffic ofAddress;
    private final ServerSettings settings;
    private final ChannelHub hub;
    private final Damping damping;

    /**
     * @param damping of refused joins
     * @param addresses where it is counted what comes from its address
     */
    Socket(Channel channel, ServerSettings settings, ChannelHub hub, Damping damping, Addresses addresses) {
        this.channel = channel;
        this.out = new Outflow(channel);
        this.traffic = new Traffic(settings.sockets().socket(), System::nanoTime);
        this.ofAddress = addresses.traffic(address(channel));
        this.settings = settings;
        this.hub = hub;
        this.damping = damping;
    }

    /** What is to be done, in a later task, when the client has turned out too slow. */
    void onOverflow(Runnable task) {
        out.onOverflow(task);
    }

    boolean isOpen() {
        return out.isOpen();
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return channel.alloc().directBuffer(capacity);
    }

    @Override
    public boolean write(ByteBuf frames) {
        return out.write(frames);
    }

    @Override
    public boolean write(ByteBuf shared, int start, int end) {
        return out.write(shared, start, end);
    }

    @Override
    public boolean send(ByteBuf shared, int start, int end) {
        return out.send(shared, start, end);
    }

    @Override
    public StraightLine line() {
        return out.line();
    }

    /** The channel has ended. */
    void discard() {
        out.discard();
    }

    /** Answers a ping. Owns the content. */
    void pong(ByteBuf content) {
        if (out.takes()) {
            out.writesPast();
            channel.write(new PongWebSocketFrame(content), channel.voidPromise());
        } else {
            content.release();
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public long waiting() {
        return out.waiting();
    }

    @Override
    public long taken() {
        return out.taken();
    }

    @Override
    public void fail(Throwable cause) {
        LOG.error("Frames could not be written, closing the socket", cause);
        channel.eventLoop().execute(() -> close(CloseReason.FAILED));
    }

    @Override
    public void close(CloseReason reason) {
        close(reason.code(), reason.text());
    }

    private void close(int code, String text) {
        if (out.isClosing()) {
            return;
        }
        out.close();
        channel.config().setAutoRead(true);
        channel.writeAndFlush(new CloseWebSocketFrame(code, text));
        // The client answers with a close frame of its own, and the channel ends when that arrives.
        channel.eventLoop()
                .schedule(() -> channel.close(), settings.closeGrace().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The client has sent a close frame: answers it, unless it is the answer to ours, and ends the channel. */
    void onPeerClose(int code) {
        if (out.isClosing()) {
            channel.close();
            return;
        }
        out.close();
        CloseWebSocketFrame answer =
                code < 0 ? new CloseWebSocketFrame(true, 0, Unpooled.EMPTY_BUFFER) : new CloseWebSocketFrame(code, "");
        channel.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop()
                .schedule(() -> channel.close(), settings.closeGrace().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public ScheduledTask schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> scheduled = channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public Duration refusalDelay() {
        return damping.refused(address(channel));
    }

    private static InetAddress address(Channel channel) {
        return ((InetSocketAddress) channel.remoteAddress()).getAddress();
    }

    @Override
    public boolean admitsJoin() {
        boolean isAdmitted = traffic.join();
        return (ofAddress == null || ofAddress.join()) && isAdmitted;
    }

    /** Counts a message of the client; false when it sends too much. */
    boolean admits(int bytes) {
        boolean isAdmitted = traffic.frame(bytes);
        return (ofAddress == null || ofAddress.frame(bytes)) && isAdmitted;
    }

    @Override
    public void holdReading() {
        if (channel.config().isAutoRead()) {
            channel.config().setAutoRead(false);
            schedule(HOLD, this::resumeReading);
        }
    }

    private void resumeReading() {
        if (hub.isCongested() && out.isOpen()) {
            schedule(HOLD, this::resumeReading);
        } else {
            channel.config().setAutoRead(true);
        }
    }
}
