package dev.campfire.realtime.server;

import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.identity.TokenVerifier;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.phoenix.PhoenixEndpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens, and serves HTTP and websockets on one port. {@link #start} and {@link #close} are for one thread; each is
 * called once.
 */
public final class RealtimeServer {

    /** What is left of the time to close for the event loops to end in. */
    private static final Duration LOOPS_SHARE = Duration.ofMillis(500);

    private final ServerSettings settings;
    private final ChannelHub hub;
    private final ConnectionPipeline pipeline;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable EventLoopGroup loops;
    private @Nullable Channel listener;

    /**
     * @param verifier decides which sockets are opened
     * @param tenant whose limits are kept
     * @param routes everything else that is answered on this port
     */
    public RealtimeServer(
            ServerSettings settings,
            ChannelHub hub,
            TokenVerifier verifier,
            Tenant tenant,
            PhoenixEndpoint phoenix,
            Routes routes) {
        this.settings = settings;
        this.hub = hub;
        Addresses addresses = new Addresses(settings.sockets(), System::nanoTime);
        this.pipeline = new ConnectionPipeline(
                settings,
                connections,
                routes,
                new WebSocketUpgrade(verifier, tenant),
                new SocketOpening(settings, phoenix, hub, addresses),
                new EventStreamOpening(settings, phoenix, addresses),
                addresses);
    }

    /**
     * Starts to listen.
     *
     * @return the port, which is the one of the settings unless that is 0
     * @throws IOException when the address cannot be listened on
     */
    public int start() throws IOException, InterruptedException {
        Transport transport = settings.transport();
        transport.requireAvailable();
        loops = new MultiThreadIoEventLoopGroup(
                settings.eventLoops(), new DefaultThreadFactory("connections"), transport.handlers());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.listener())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(settings.outboundLimit(), settings.outboundLimit()))
                .childHandler(pipeline);
        var bound = bootstrap
                .bind(new InetSocketAddress(settings.host(), settings.port()))
                .await();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listener = bound.channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How many connections there are, of whatever kind. */
    public int connections() {
        return connections.size();
    }

    /**
     * Stops accepting, tells every socket that the server goes down, waits for them to answer, and ends the event loops.
     * What has not ended by itself in time is cut. Does nothing when the server was not started.
     */
    public void close(Duration deadline) throws InterruptedException {
        EventLoopGroup running = loops;
        if (running == null || listener == null) {
            return;
        }
        long end = System.nanoTime() + deadline.toNanos();
        listener.close().await();
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> shutDown(connection));
        }
        connections
                .newCloseFuture()
                .await(Math.max(0, end - System.nanoTime() - LOOPS_SHARE.toNanos()), TimeUnit.NANOSECONDS);
        connections.close();
        running.shutdownGracefully(0, Math.max(1, (end - System.nanoTime()) / 1_000_000), TimeUnit.MILLISECONDS)
                .await(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        for (EventExecutor loop : running) {
            hub.forget(loop);
        }
        loops = null;
    }

    private static void shutDown(Channel connection) {
        SocketHandler socket = connection.pipeline().get(SocketHandler.class);
        EventStreamHandler stream = connection.pipeline().get(EventStreamHandler.class);
        if (socket != null) {
            socket.shutDown();
        } else if (stream != null) {
            stream.shutDown();
        } else {
            connection.close();
        }
    }
}
