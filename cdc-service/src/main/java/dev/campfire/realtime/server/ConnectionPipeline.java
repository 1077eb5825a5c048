package dev.campfire.realtime.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;

/** Gives each new connection its handlers: those of HTTP, for every connection begins as that. */
final class ConnectionPipeline extends ChannelInitializer<Channel> {

    /** A token in the query fits in beside everything else. */
    private static final int MAX_REQUEST_LINE = 16 * 1024;

    private static final int MAX_HEADERS = 32 * 1024;

    private final ServerSettings settings;
    private final ChannelGroup connections;
    private final Routes routes;
    private final WebSocketUpgrade upgrade;
    private final SocketOpening opening;
    private final EventStreamOpening streams;
    private final Damping damping;
    private final Addresses addresses;

    ConnectionPipeline(
            ServerSettings settings,
            ChannelGroup connections,
            Routes routes,
            WebSocketUpgrade upgrade,
            SocketOpening opening,
            EventStreamOpening streams,
            Addresses addresses) {
        this.settings = settings;
        this.connections = connections;
        this.routes = routes;
        this.upgrade = upgrade;
        this.opening = opening;
        this.streams = streams;
        this.damping = new Damping(settings.upgradeBackoff());
        this.addresses = addresses;
    }

    @Override
    protected void initChannel(Channel channel) {
        InetSocketAddress from = (InetSocketAddress) channel.remoteAddress();
        if (connections.size() >= settings.connections() || from == null || !addresses.enter(from.getAddress())) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> addresses.leave(from.getAddress()));
        connections.add(channel);
        if (settings.tls() != null) {
            channel.pipeline().addLast("tls", settings.tls().current().newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast(Outflow.RAW, new ChannelDuplexHandler())
                .addLast(
                        "http",
                        new HttpServerCodec(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                                .setMaxHeaderSize(MAX_HEADERS)))
                .addLast("body", new BodyAggregator(settings.bodyLimit()))
                .addLast("requests", new HttpHandler(settings, routes, upgrade, damping, opening, streams));
    }
}
