package dev.campfire.realtime.benchmarks.client;

import dev.campfire.realtime.limits.Niceness;
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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many sockets that are connected and then, all at once, join with the id of the last event that they have. */
public final class ResumeFleet implements AutoCloseable {

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BINARY = 2;
    private static final int OPCODE = 0xF;

    /** Gives way to who is served live and to Postgres, which have the same processor: what they wait for is to be the service. */
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, Niceness.background("resume-fleet"), NioIoHandler.newFactory());

    private final List<Member> members = new ArrayList<>();
    private final CountDownLatch open;
    private final CountDownLatch done;
    private final int events;
    private volatile long begun;
    private volatile long firstAt;
    private volatile long lastAt;

    private ResumeFleet(int sockets, int events) {
        this.open = new CountDownLatch(sockets);
        this.done = new CountDownLatch(sockets);
        this.events = events;
    }

    /**
     * Connects, and returns when every socket is open.
     *
     * @param channels of each socket, without {@code realtime:}
     * @param after the ids, beside the channels
     * @param events how many each is going to get
     */
    public static ResumeFleet connect(
            int port, String token, List<String> channels, List<String> after, int events, Duration patience)
            throws IOException, InterruptedException {
        ResumeFleet fleet = new ResumeFleet(channels.size(), events);
        try {
            for (int i = 0; i < channels.size(); i++) {
                fleet.connect(port, token, channels.get(i), after.get(i));
            }
            if (!fleet.open.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(fleet.open.getCount() + " sockets were not opened in " + patience);
            }
            return fleet;
        } catch (IOException | InterruptedException | RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    private void connect(int port, String token, String name, String after) throws InterruptedException {
        Member member = new Member(name, after);
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connected) {
                        connected.pipeline().addLast(member);
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        member.channel = channel;
        members.add(member);
        channel.writeAndFlush(Unpooled.copiedBuffer(
                "GET /realtime/v1/websocket?apikey=" + URLEncoder.encode(token, StandardCharsets.UTF_8)
                        + "&vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: Y2FtcGZpcmUgYmVuY2htYXJr\r\nSec-WebSocket-Version: 13\r\n\r\n",
                StandardCharsets.US_ASCII));
    }

    /** Lets all join at once, and returns when each has everything. */
    public void resume(Duration patience) throws IOException, InterruptedException {
        begun = System.nanoTime();
        loop.next().execute(() -> members.forEach(Member::join));
        if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException(done.getCount() + " of " + members.size() + " did not get everything in " + patience);
        }
    }

    /** Milliseconds from the first join to the first event. */
    public double firstMillis() {
        return (firstAt - begun) / 1e6;
    }

    /** Milliseconds from the first join to the last event of the last socket. */
    public double lastMillis() {
        return (lastAt - begun) / 1e6;
    }

    /** One socket. Its frames are read on the loop. */
    private final class Member extends ByteToMessageDecoder {
        private final String name;
        private final String after;
        private Channel channel;
        private boolean isOpen;
        private int received;

        @SuppressWarnings("NullAway.Init") // set before anything is read
        Member(String name, String after) {
            this.name = name;
            this.after = after;
        }

        void join() {
            byte[] text = ("[\"1\",\"1\",\"realtime:" + name + "\",\"phx_join\",{\"config\":{\"resume\":{\"after\":\""
                            + after + "\"}}}]")
                    .getBytes(StandardCharsets.UTF_8);
            ByteBuf frame = Unpooled.buffer(text.length + 8);
            frame.writeByte(0x81)
                    .writeByte(0x80 | 126)
                    .writeShort(text.length)
                    .writeInt(0)
                    .writeBytes(text);
            channel.writeAndFlush(frame);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (!isOpen) {
                int end = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(END_OF_HEAD), in);
                if (end >= 0) {
                    in.skipBytes(end - in.readerIndex() + END_OF_HEAD.length);
                    isOpen = true;
                    open.countDown();
                }
                return;
            }
            while (in.readableBytes() >= 4) {
                int start = in.readerIndex();
                int length = in.getUnsignedByte(start + 1);
                int head = length < 126 ? 2 : 4;
                if (length == 126) {
                    length = in.getUnsignedShort(start + 2);
                }
                if (in.readableBytes() < head + length) {
                    return;
                }
                if ((in.getByte(start) & OPCODE) == BINARY) {
                    count();
                }
                in.skipBytes(head + length);
            }
        }

        private void count() {
            if (firstAt == 0) {
                firstAt = System.nanoTime();
            }
            if (++received == events) {
                lastAt = System.nanoTime();
                done.countDown();
            }
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
