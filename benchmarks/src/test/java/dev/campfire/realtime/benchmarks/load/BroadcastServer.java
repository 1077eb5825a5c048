package dev.campfire.realtime.benchmarks.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that sends what comes to every socket that is not on {@code /pub}, but forgets one message in so many. It answers joins and
 * heartbeats of Phoenix.
 */
final class BroadcastServer implements AutoCloseable {

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup subscribers = new DefaultChannelGroup(loop.next());
    private final Channel listening;
    private final AtomicInteger heartbeats = new AtomicInteger();
    private int messages;

    /** @param forgets every how manieth message is lost; 0 for none */
    BroadcastServer(int forgets) throws InterruptedException {
        listening = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(65_536))
                                .addLast(new WebSocketServerProtocolHandler("/", true))
                                .addLast(new Broadcasting(forgets));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    private final class Broadcasting extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private final int forgets;

        Broadcasting(int forgets) {
            this.forgets = forgets;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete complete
                    && !complete.requestUri().endsWith("/pub")) {
                subscribers.add(ctx.channel());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
            String text = frame.text();
            if (text.contains("\"phx_join\"")) {
                ctx.writeAndFlush(reply("1"));
                return;
            }
            if (text.contains("\"heartbeat\",{}]")) {
                heartbeats.incrementAndGet();
                ctx.writeAndFlush(reply("heartbeat"));
                return;
            }
            messages++;
            if (forgets == 0 || messages % forgets != 0) {
                subscribers.writeAndFlush(frame.retainedDuplicate());
            }
        }
    }

    private static TextWebSocketFrame reply(String ref) {
        return new TextWebSocketFrame(
                "[null,\"" + ref + "\",\"phoenix\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
    }

    /** How many have come. */
    int heartbeats() {
        return heartbeats.get();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
