package dev.campfire.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import com.sun.management.ThreadMXBean;
import dev.campfire.realtime.LeakCheck;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes out to one client: whole, in order, given back, and for nothing where others get the same. */
@ExtendWith(LeakCheck.class)
final class OutflowTest {

    private static final Logger LOG = LoggerFactory.getLogger(OutflowTest.class);

    private static final int ROUNDS = 10;
    private static final int PIECES = 100;

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private EventLoopGroup loops;
    private Socket client;
    private Channel channel;

    /** @param sendBuffer what the operating system keeps for the client, in bytes; 0 for what it likes */
    private void connect(Transport transport, int sendBuffer) throws Exception {
        assumeThatCode(transport::requireAvailable).doesNotThrowAnyException();
        loops = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.listener())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 28, 1 << 28))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline().addLast(Outflow.RAW, new ChannelDuplexHandler());
                        accepted.add(opened);
                    }
                });
        if (sendBuffer > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, sendBuffer);
        }
        Channel listener = bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        client = new Socket();
        if (sendBuffer > 0) {
            client.setReceiveBufferSize(sendBuffer);
        }
        client.connect(listener.localAddress());
        channel = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
    }

    @AfterEach
    void close() throws Exception {
        if (client != null) {
            client.close();
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void everything_arrives_in_order_however_it_is_cut_and_however_slowly_it_is_taken(Transport transport)
            throws Exception {
        long seed = new Random().nextLong();
        LOG.info("seed {}", seed);
        Random random = new Random(seed);
        connect(transport, 4096);
        byte[] bytes = new byte[2_000_000];
        random.nextBytes(bytes);
        ByteBuf shared = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);

        channel.eventLoop().execute(() -> {
            Outflow out = new Outflow(channel);
            int from = 0;
            while (from < bytes.length) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 300 : 30_000));
                int way = random.nextInt(4);
                if (way == 0) {
                    out.write(shared, from, to);
                } else if (way == 1) {
                    out.send(shared, from, to);
                } else if (way == 2) {
                    int taken = out.line().send(shared.memoryAddress() + from, to - from);
                    if (taken < to - from) {
                        out.send(shared, from + taken, to);
                    }
                } else {
                    out.write(channel.alloc().directBuffer().writeBytes(bytes, from, to - from));
                }
                if (random.nextInt(3) == 0) {
                    out.flush();
                }
                from = to;
            }
            out.flush();
            shared.release();
        });

        assertThat(read(bytes.length)).isEqualTo(bytes);
        channel.eventLoop().submit(() -> {}).sync();
        assertThat(shared.refCnt()).isZero();
    }

    @Test
    void small_pieces_of_one_turn_are_one_write() throws Exception {
        connect(Transport.EPOLL, 0);
        byte[] bytes = new byte[40_000];
        new Random(7).nextBytes(bytes);
        ByteBuf shared = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);

        int queued = channel.eventLoop()
                .submit(() -> {
                    Outflow out = new Outflow(channel);
                    // As long as nothing is known of the queue, the first piece goes into it.
                    out.write(shared, 0, 10);
                    out.flush();
                    for (int from = 10; from < 10_010; from += 1000) {
                        out.write(shared, from, from + 1000);
                    }
                    int inQueue = channel.unsafe().outboundBuffer().size();
                    assertThat(out.waiting()).isEqualTo(10_000);
                    // A large one does not fit, and those behind it follow it.
                    out.write(shared, 10_010, 39_000);
                    out.write(shared, 39_000, 40_000);
                    out.flush();
                    return inQueue;
                })
                .get();

        assertThat(queued).isZero();
        assertThat(read(bytes.length)).isEqualTo(bytes);
        channel.eventLoop().submit(() -> {}).sync();
        assertThat(shared.refCnt()).isEqualTo(1);
        shared.release();
    }

    private byte[] read(int length) throws Exception {
        ByteArrayOutputStream received = new ByteArrayOutputStream(length);
        InputStream in = client.getInputStream();
        byte[] piece = new byte[10_000];
        while (received.size() < length) {
            int count = in.read(piece);
            assertThat(count).as("bytes after %s", received.size()).isPositive();
            received.write(piece, 0, count);
        }
        return received.toByteArray();
    }

    @Test
    void what_is_shared_is_sent_without_allocating_anything() throws Exception {
        connect(Transport.EPOLL, 0);
        // Without the leak detector, which notes down who touches a buffer.
        ByteBuf shared =
                new UnpooledByteBufAllocator(true, true).directBuffer(300).writeZero(300);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long allocated = channel.eventLoop()
                .submit(() -> {
                    Outflow out = new Outflow(channel);
                    long least = Long.MAX_VALUE;
                    // Something that is done for the first time, or a full buffer of the system's, may cost one round
                    // something.
                    for (int round = 0; round < ROUNDS; round++) {
                        long before = threads.getCurrentThreadAllocatedBytes();
                        send(out, shared, PIECES / 2);
                        sendAtOnce(out, shared, PIECES / 2);
                        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                    }
                    return least;
                })
                .get();

        assertThat(read(ROUNDS * PIECES * 300)).hasSize(ROUNDS * PIECES * 300);
        assertThat(allocated).as("bytes for %d pieces", PIECES).isLessThan(PIECES);
        assertThat(shared.refCnt()).isEqualTo(1);
        shared.release();
    }

    private static void send(Outflow out, ByteBuf shared, int times) {
        for (int i = 0; i < times; i++) {
            out.write(shared, 0, 300);
            out.flush();
        }
    }

    private static void sendAtOnce(Outflow out, ByteBuf shared, int times) {
        boolean isTaken = true;
        for (int i = 0; i < times; i++) {
            isTaken &= out.send(shared, 0, 300);
        }
        if (!isTaken) {
            throw new AssertionError("something waits");
        }
    }

    @Test
    void what_was_not_sent_when_the_channel_ends_is_given_back() throws Exception {
        connect(Transport.AUTO, 0);
        ByteBuf shared = ByteBufAllocator.DEFAULT.directBuffer(300).writeZero(300);

        channel.eventLoop()
                .submit(() -> {
                    Outflow out = new Outflow(channel);
                    out.write(shared, 0, 300);
                    channel.close();
                    out.discard();
                    assertThat(out.write(shared, 0, 300)).isFalse();
                    out.flush();
                    assertThat(out.send(shared, 0, 300)).isTrue();
                })
                .get();

        assertThat(shared.refCnt()).isEqualTo(1);
        shared.release();
    }
}
