package dev.campfire.realtime.server;

import dev.campfire.realtime.phoenix.CloseReason;
import dev.campfire.realtime.phoenix.PhoenixSession;
import dev.campfire.realtime.phoenix.Refusal;
import dev.campfire.realtime.phoenix.StreamLink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to a request for server-sent events, as session and hub see it. It begins when the channel is joined, and ends
 * with its connection. Used by the channel's event loop alone.
 */
final class EventStream implements StreamLink {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** Proxies end what is silent for a minute; and who is gone is found out by writing. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** What ends an answer in chunks. */
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] COMMENT = ": \n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMENT_CHUNK = "4\r\n: \n\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        JOINING,
        STREAMING,
        OVER
    }

    /** What is done with the connection when it is known what is answered. */
    interface Beginning {

        /** Writes the answer's head; from here on nothing of the connection is anybody else's. */
        void begin(EventStream stream);

        /** Answers with this instead, and ends the connection. */
        void refuse(HttpAnswer answer);
    }

    private final Channel channel;
    private final Outflow out;
    private final boolean isChunked;
    private final ServerSettings settings;
    private final Damping damping;
    private final @Nullable Traffic ofAddress;
    private final Beginning beginning;
    private State state = State.JOINING;
    private @Nullable PhoenixSession session;

    EventStream(
            Channel channel,
            boolean isChunked,
            ServerSettings settings,
            Damping damping,
            Addresses addresses,
            Beginning beginning) {
        this.channel = channel;
        this.out = new Outflow(channel);
        this.isChunked = isChunked;
        this.settings = settings;
        this.damping = damping;
        this.ofAddress = addresses.traffic(((InetSocketAddress) channel.remoteAddress()).getAddress());
        this.beginning = beginning;
    }

    /** Its session, which ends with the connection. */
    void serve(PhoenixSession opened) {
        session = opened;
        out.onOverflow(opened::tooSlow);
        channel.closeFuture().addListener(closed -> {
            state = State.OVER;
            opened.onClosed();
            out.discard();
        });
    }

    /** The server goes down. */
    void shutDown() {
        if (session != null) {
            session.shutDown();
        }
    }

    @Override
    public void begin() {
        if (state == State.JOINING) {
            state = State.STREAMING;
            beginning.begin(this);
            channel.eventLoop().schedule(this::beat, HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void beat() {
        if (state == State.STREAMING) {
            out.write(Unpooled.wrappedBuffer(isChunked ? COMMENT_CHUNK : COMMENT));
            out.flush();
            channel.eventLoop().schedule(this::beat, HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void refuse(Refusal refusal) {
        if (state == State.JOINING) {
            state = State.OVER;
            beginning.refuse(EventsRefusal.of(refusal.status(), refusal.reason()));
        }
    }

    @Override
    public void end() {
        if (state != State.STREAMING) {
            return;
        }
        state = State.OVER;
        out.close();
        ByteBuf last = isChunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER;
        channel.pipeline().context(Outflow.RAW).writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        // Whoever does not read does not get to the end either.
        channel.eventLoop()
                .schedule(() -> channel.close(), settings.closeGrace().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close(CloseReason reason) {
        refuse(new Refusal(503, reason.text()));
        end();
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return channel.alloc().directBuffer(capacity);
    }

    @Override
    public boolean write(ByteBuf frames) {
        if (state != State.STREAMING) {
            frames.release();
            return false;
        }
        return out.write(frames);
    }

    @Override
    public boolean write(ByteBuf shared, int start, int end) {
        return state == State.STREAMING && out.write(shared, start, end);
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
        LOG.error("Events could not be written, ending the stream", cause);
        channel.eventLoop().execute(() -> close(CloseReason.FAILED));
    }

    @Override
    public ScheduledTask schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> scheduled = channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public boolean admitsJoin() {
        return ofAddress == null || ofAddress.join();
    }

    @Override
    public Duration refusalDelay() {
        return damping.refused(((InetSocketAddress) channel.remoteAddress()).getAddress());
    }

    /** Nothing is read that could be held: its client says nothing. */
    @Override
    public void holdReading() {}
}
