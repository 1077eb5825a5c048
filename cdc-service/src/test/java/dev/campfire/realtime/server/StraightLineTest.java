package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import dev.campfire.realtime.LeakCheck;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.FrameFormat;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Outlet;
import dev.campfire.realtime.channel.StraightLine;
import dev.campfire.realtime.channel.Subscription;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes past the outlets of a channel's subscribers, between things that do not. */
@ExtendWith(LeakCheck.class)
final class StraightLineTest {

    private static final Logger LOG = LoggerFactory.getLogger(StraightLineTest.class);

    private static final int CLIENTS = 40;
    private static final int STEPS = 2_000;
    private static final String END = "end;";
    private static final ChannelKey ROOM = ChannelKey.joined("room", false);

    /** Frames are payloads. */
    private static final FrameFormat FORMAT = topic -> new FrameEncoder() {
        @Override
        public void encode(Message message, ByteBuf out) {
            out.writeBytes(((Message.Push) message).payload());
        }

        @Override
        public int overhead() {
            return 0;
        }
    };

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(true), Long.MAX_VALUE);
    private final List<Subscriber> subscribers = new ArrayList<>();
    private EventLoopGroup loops;
    private EventLoop loop;

    /** A client, what is written for it, and what it has been told. */
    private static final class Subscriber implements Outlet {
        final Socket client;
        final Channel channel;
        final Outflow out;
        final StringBuilder expected = new StringBuilder();

        @Nullable
        Subscription subscription;

        Subscriber(Socket client, Channel channel) {
            this.client = client;
            this.channel = channel;
            this.out = new Outflow(channel);
        }

        void writeAlone(String text) {
            expected.append(text);
            out.write(channel.alloc().directBuffer().writeBytes(bytes(text)));
        }

        String read() throws IOException {
            byte[] piece = new byte[64 * 1024];
            StringBuilder all = new StringBuilder();
            for (int count = client.getInputStream().read(piece); count > 0; ) {
                all.append(new String(piece, 0, count, StandardCharsets.US_ASCII));
                if (all.length() >= END.length()
                        && all.substring(all.length() - END.length()).equals(END)) {
                    break;
                }
                count = client.getInputStream().read(piece);
            }
            return all.toString();
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
        public StraightLine line() {
            return out.line();
        }

        @Override
        public void fail(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    private void connect() throws Exception {
        assumeThatCode(Transport.EPOLL::requireAvailable).doesNotThrowAnyException();
        loops = new MultiThreadIoEventLoopGroup(1, Transport.EPOLL.handlers());
        loop = loops.next();
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(Transport.EPOLL.listener())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 28, 1 << 28))
                .childOption(ChannelOption.SO_SNDBUF, 8192)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline().addLast(Outflow.RAW, new ChannelDuplexHandler());
                        accepted.add(opened);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        for (int i = 0; i < CLIENTS; i++) {
            Socket client = new Socket();
            client.setReceiveBufferSize(8192);
            client.connect(listener.localAddress());
            Channel channel = accepted.poll(10, TimeUnit.SECONDS);
            assertThat(channel).isNotNull();
            subscribers.add(loop.submit(() -> new Subscriber(client, channel)).get());
        }
    }

    @AfterEach
    void close() throws Exception {
        for (Subscriber subscriber : subscribers) {
            subscriber.client.close();
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void everybody_gets_what_is_for_them_in_order_whatever_else_they_get_and_whoever_comes_and_goes() throws Exception {
        long seed = new Random().nextLong();
        LOG.info("seed {}", seed);
        Random random = new Random(seed);
        connect();
        List<Thread> readers = new ArrayList<>();
        List<String> received = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Subscriber subscriber = subscribers.get(i);
            received.add("");
            int index = i;
            Thread reader = Thread.ofPlatform().unstarted(() -> {
                try {
                    received.set(index, subscriber.read());
                } catch (IOException e) {
                    received.set(index, e.toString());
                }
            });
            readers.add(reader);
            // One in four takes nothing before everything has been said.
            if (i % 4 != 0) {
                reader.start();
            }
        }

        for (int step = 0; step < STEPS; step++) {
            step(random, step);
            // What was said is written in a turn of its own.
            loop.submit(() -> {}).get();
        }
        loop.submit(() -> subscribers.forEach(subscriber -> {
                    subscriber.writeAlone(END);
                    subscriber.out.flush();
                }))
                .get();
        for (Thread reader : readers) {
            if (reader.getState() == Thread.State.NEW) {
                reader.start();
            }
        }
        for (Thread reader : readers) {
            reader.join();
        }

        for (int i = 0; i < CLIENTS; i++) {
            assertThat(received.get(i))
                    .as("client %d, seed %d", i, seed)
                    .isEqualTo(subscribers.get(i).expected.toString());
        }
    }

    private void step(Random random, int step) throws Exception {
        String text = step + "x".repeat(random.nextInt(300)) + ";";
        Subscriber one = subscribers.get(random.nextInt(CLIENTS));
        int way = random.nextInt(10);
        loop.submit(() -> {
                    if (way == 0) {
                        one.writeAlone(text);
                    } else if (way == 1) {
                        one.writeAlone(text);
                        one.out.flush();
                    } else if (way < 4) {
                        comeOrGo(one);
                    } else {
                        say(text, way < 7 ? one : null);
                    }
                })
                .get();
    }

    private void comeOrGo(Subscriber one) {
        if (one.subscription == null) {
            one.subscription = hub.on(loop).join(ROOM, one, FORMAT, "realtime:room");
        } else {
            hub.on(loop).leave(one.subscription);
            one.subscription = null;
        }
    }

    private void say(String text, @Nullable Subscriber by) {
        Subscription except = by == null ? null : by.subscription;
        hub.broadcast(ROOM, new Message.Push("broadcast", bytes(text)), except);
        for (Subscriber subscriber : subscribers) {
            if (subscriber.subscription != null && subscriber.subscription != except) {
                subscriber.expected.append(text);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
