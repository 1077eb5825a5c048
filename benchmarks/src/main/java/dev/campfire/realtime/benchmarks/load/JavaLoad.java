package dev.campfire.realtime.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The sockets of the load in Java: subscribers on one event loop, and a publisher. Orders come from one thread. */
final class JavaLoad {

    private static final ByteBuf MARK =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("TS=", StandardCharsets.US_ASCII));
    private static final ByteBuf LEAVES =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\"leaves\"", StandardCharsets.US_ASCII));
    private static final int DIGITS = 19;
    private static final int AROUND_PADDING = 37;
    private static final int PING = 9;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Dialect dialect;
    private final int port;
    private final Map<String, String> options;
    private final List<String> topics;
    private final String padding;
    private final List<Channel> subscribers = new ArrayList<>();
    private final AtomicLong ready = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dead = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong beatsAnswered = new AtomicLong();
    private volatile @Nullable Arrival listener;
    private @Nullable Channel publisher;
    private volatile boolean publisherReady;
    private volatile boolean presences;

    /** Told by the event loop of each message. */
    interface Arrival {

        /** @param nanos from sending to reading */
        void message(long nanos);
    }

    JavaLoad(Dialect dialect, int port, Map<String, String> options) throws IOException {
        this.dialect = dialect;
        this.port = port;
        this.options = options;
        String file = options.get("topics");
        this.topics = file == null ? List.of("realtime:bench") : Files.readAllLines(Path.of(file));
        int size = Integer.parseInt(options.getOrDefault("size", "300"));
        this.padding = "x".repeat(Math.max(0, size - AROUND_PADDING));
    }

    /** Opens one more subscriber. */
    void subscribe() throws InterruptedException {
        int each = Integer.parseInt(options.getOrDefault("each", "1"));
        int first = subscribers.size() * each;
        List<String> joins = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            joins.add(topics.get((first + i) % topics.size()));
        }
        subscribers.add(connect(options.getOrDefault("path", "/"), joins, false));
    }

    /** Opens the publisher, when there is none yet. */
    void openPublisher() throws InterruptedException {
        if (publisher == null && !options.containsKey("topics")) {
            publisher = connect(
                    options.getOrDefault(dialect == Dialect.RAW ? "publish" : "path", "/"),
                    List.of(topics.getFirst()),
                    true);
        }
    }

    boolean publisherReady() {
        return publisherReady || publisher == null;
    }

    private Channel connect(String path, List<String> joins, boolean publishes) throws InterruptedException {
        boolean upgrades = !(publishes && dialect == Dialect.POST);
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(upgrades ? new Socket(joins, publishes) : new Deaf())
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        if (upgrades) {
            channel.writeAndFlush(Unpooled.copiedBuffer(
                    "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Key: Y2FtcGZpcmUgYmVuY2htcw==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                    StandardCharsets.US_ASCII));
        } else {
            publisherReady = true;
        }
        return channel;
    }

    /** Takes the answers to publications by HTTP, and forgets them. */
    private static final class Deaf extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            io.netty.util.ReferenceCountUtil.release(message);
        }
    }

    private final class Socket extends FrameCutter {
        private final List<String> joins;
        private final boolean publishes;
        private int unanswered;

        Socket(List<String> joins, boolean publishes) {
            this.joins = joins;
            this.publishes = publishes;
        }

        @Override
        void opened(ChannelHandlerContext ctx) {
            List<String> greeting = dialect.greeting(publishes, joins, options.getOrDefault("config", "{}"));
            unanswered = greeting.size();
            greeting.forEach(words -> ctx.write(dialect.frame(words)));
            ctx.flush();
            if (dialect.subscribesByOpening()) {
                subscribed();
            }
        }

        private void subscribed() {
            if (publishes) {
                publisherReady = true;
            } else {
                ready.incrementAndGet();
            }
        }

        @Override
        void refused(String answer) {
            failed.incrementAndGet();
            System.err.println("upgrade: " + answer);
        }

        @Override
        void frame(ChannelHandlerContext ctx, int opcode, ByteBuf payload) {
            if (opcode == PING) {
                ctx.writeAndFlush(Unpooled.buffer(6).writeShort(0x8A80).writeInt(0));
                return;
            }
            int mark = ByteBufUtil.indexOf(MARK, payload);
            if (mark >= 0 && !publishes) {
                messages(payload, mark, System.nanoTime());
            } else if (mark < 0) {
                word(ctx, payload);
            }
        }

        private void messages(ByteBuf payload, int first, long at) {
            int left = presences ? ByteBufUtil.indexOf(LEAVES, payload) : -1;
            int end = left < 0 ? payload.readableBytes() : left;
            int mark = first;
            while (mark >= 0 && mark < end) {
                message(payload, mark, at);
                // NATS packs several messages into a frame, and a diff tells of all who came within its tick.
                if (dialect != Dialect.NATS && !presences) {
                    return;
                }
                int from = mark + MARK.readableBytes() + DIGITS;
                int next = ByteBufUtil.indexOf(MARK, payload.slice(from, payload.readableBytes() - from));
                mark = next < 0 ? -1 : from + next;
            }
        }

        private void message(ByteBuf payload, int mark, long at) {
            long sent = 0;
            for (int i = 0; i < DIGITS; i++) {
                sent = sent * 10 + payload.getByte(mark + MARK.readableBytes() + i) - '0';
            }
            Arrival told = listener;
            if (told != null) {
                told.message(at - sent);
            }
            delivered.incrementAndGet();
        }

        private void word(ChannelHandlerContext ctx, ByteBuf payload) {
            String text = payload.toString(StandardCharsets.UTF_8);
            switch (dialect.read(text)) {
                case SUBSCRIBED -> {
                    if (unanswered > 0 && --unanswered == 0) {
                        subscribed();
                    }
                }
                case BEAT_ANSWERED -> beatsAnswered.incrementAndGet();
                case REFUSED -> {
                    failed.incrementAndGet();
                    System.err.println("join: " + text);
                }
                case STILL_THERE -> ctx.writeAndFlush(dialect.frame(dialect.answer()));
                case NOTHING -> {}
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            dead.incrementAndGet();
        }
    }

    /** Publishes one message. */
    void publish() {
        Channel channel = publisher;
        if (channel == null) {
            throw new IllegalStateException("nobody is connected");
        }
        String payload = "{\"t\":\"TS=" + String.format("%019d", System.nanoTime()) + "\",\"d\":\"" + padding + "\"}";
        channel.writeAndFlush(dialect.publication(topics.getFirst(), options.getOrDefault("publish", "/"), payload));
    }

    /** Lets one subscriber track its presence. */
    void track(int number) {
        presences = true;
        String topic = topics.get(number % topics.size());
        subscribers
                .get(number)
                .writeAndFlush(dialect.frame("[\"1\",\"p\",\"" + topic
                        + "\",\"presence\",{\"type\":\"presence\",\"event\":\"track\",\"payload\":{\"t\":\"TS="
                        + String.format("%019d", System.nanoTime()) + "\",\"name\":\"member " + number + "\"}}]"));
    }

    /**
     * Lets subscribers say that they are there, where the server is spoken to that way.
     *
     * @param from the first of them
     * @return how many answers are to come
     */
    int beat(int from) {
        if (dialect != Dialect.PHOENIX) {
            return 0;
        }
        List<Channel> open =
                subscribers.stream().skip(from).filter(Channel::isActive).toList();
        open.forEach(channel -> channel.writeAndFlush(dialect.frame(Dialect.HEARTBEAT)));
        return open.size();
    }

    /** Lets one subscriber read nothing any more. */
    void stall(int number) {
        subscribers.get(number).config().setAutoRead(false);
    }

    void listen(@Nullable Arrival told) {
        listener = told;
    }

    int subscribers() {
        return subscribers.size();
    }

    long ready() {
        return ready.get();
    }

    long failed() {
        return failed.get();
    }

    long dead() {
        return dead.get();
    }

    long beatsAnswered() {
        return beatsAnswered.get();
    }

    long delivered() {
        return delivered.get();
    }
}
