package dev.campfire.realtime.benchmarks.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Many sockets with one subscription each, spread over topics, and one socket that broadcasts on all of them. All of it on
 * one thread. A message carries the time at which it was sent, by the clock that it is received by.
 */
public final class TopicFleet implements AutoCloseable {

    private static final byte[] MARK = "TS=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JOINED = "\"status\":\"ok\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 19;
    private static final int PADDING = 200;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CountDownLatch joined;
    private final AtomicLong received = new AtomicLong();
    private final int topics;
    private @Nullable Channel publisher;
    private long[] latencies = new long[1 << 20];
    private int measured;
    private volatile boolean isMeasuring;

    private TopicFleet(int topics, int sockets) {
        this.topics = topics;
        this.joined = new CountDownLatch(sockets + topics);
    }

    /** Connects and joins, and returns when all have been answered. */
    public static TopicFleet join(int port, String token, int topics, int subscribers, Duration patience)
            throws IOException, InterruptedException {
        TopicFleet fleet = new TopicFleet(topics, topics * subscribers);
        try {
            for (int i = 0; i < topics * subscribers; i++) {
                fleet.connect(port, token, List.of(i % topics));
            }
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < topics; i++) {
                all.add(i);
            }
            fleet.publisher = fleet.connect(port, token, all);
            if (!fleet.joined.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(fleet.joined.getCount() + " joins were not answered in " + patience);
            }
            return fleet;
        } catch (IOException | InterruptedException | RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    private Channel connect(int port, String token, List<Integer> joins) throws InterruptedException {
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connected) {
                        connected.pipeline().addLast(new Frames(joins));
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        channel.writeAndFlush(ascii("GET /realtime/v1/websocket?apikey="
                + URLEncoder.encode(token, StandardCharsets.UTF_8)
                + "&vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: Y2FtcGZpcmUgYmVuY2htYXJr\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        return channel;
    }

    /** Reads what comes: the head of the answer, then frames of a server, which are not masked. */
    private final class Frames extends ByteToMessageDecoder {
        private final List<Integer> joins;
        private boolean isOpen;

        Frames(List<Integer> joins) {
            this.joins = joins;
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (!isOpen) {
                int end = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(END_OF_HEAD), in);
                if (end < 0) {
                    return;
                }
                in.skipBytes(end - in.readerIndex() + END_OF_HEAD.length);
                isOpen = true;
                for (int topic : joins) {
                    ctx.write(frame("[\"1\",\"1\",\"realtime:bench-" + topic + "\",\"phx_join\",{\"config\":{}}]"));
                }
                ctx.flush();
                return;
            }
            while (in.readableBytes() >= 2) {
                int start = in.readerIndex();
                int length = in.getUnsignedByte(start + 1);
                int head = length < 126 ? 2 : 4;
                if (length == 126 && in.readableBytes() >= 4) {
                    length = in.getUnsignedShort(start + 2);
                }
                if (in.readableBytes() < head + length) {
                    return;
                }
                take(in.slice(start + head, length));
                in.skipBytes(head + length);
            }
        }
    }

    private void take(ByteBuf frame) {
        int mark = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(MARK), frame);
        if (mark >= 0) {
            received.incrementAndGet();
            if (isMeasuring) {
                long sent = 0;
                for (int i = 0; i < DIGITS; i++) {
                    sent = sent * 10 + frame.getByte(mark + MARK.length + i) - '0';
                }
                if (measured == latencies.length) {
                    latencies = Arrays.copyOf(latencies, measured * 2);
                }
                latencies[measured++] = System.nanoTime() - sent;
            }
        } else if (ByteBufUtil.indexOf(Unpooled.wrappedBuffer(JOINED), frame) >= 0) {
            joined.countDown();
        }
    }

    /** Broadcasts on one of the topics. Any thread. */
    public void broadcast(int topic) {
        String time = String.format("%019d", System.nanoTime());
        Channel sender = publisher;
        if (sender == null) {
            throw new IllegalStateException("not connected");
        }
        sender.writeAndFlush(frame("[\"1\",null,\"realtime:bench-" + topic % topics
                + "\",\"broadcast\",{\"type\":\"broadcast\",\"event\":\"e\",\"payload\":{\"t\":\"TS=" + time
                + "\",\"pad\":\""
                + "x".repeat(PADDING) + "\"}}]"));
    }

    /** How many messages have been received, ever. */
    public long received() {
        return received.get();
    }

    /** Begins to note latencies. */
    public void measure() throws InterruptedException {
        loop.next()
                .submit(() -> {
                    measured = 0;
                    isMeasuring = true;
                })
                .sync();
    }

    /** The latencies since {@link #measure}, in nanoseconds. */
    public long[] latencies() throws InterruptedException {
        loop.next().submit(() -> isMeasuring = false).sync();
        return Arrays.copyOf(latencies, measured);
    }

    private static ByteBuf frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = Unpooled.buffer(payload.length + 8);
        frame.writeByte(0x81);
        if (payload.length < 126) {
            frame.writeByte(0x80 | payload.length);
        } else {
            frame.writeByte(0x80 | 126).writeShort(payload.length);
        }
        return frame.writeInt(0).writeBytes(payload);
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
