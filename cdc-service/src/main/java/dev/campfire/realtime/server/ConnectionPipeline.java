package dev.campfire.realtime.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

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
    private final Damping damping;

    ConnectionPipeline(
            ServerSettings settings,
            ChannelGroup connections,
            Routes routes,
            WebSocketUpgrade upgrade,
            SocketOpening opening) {
        this.settings = settings;
        this.connections = connections;
        this.routes = routes;
        this.upgrade = upgrade;
        this.opening = opening;
        this.damping = new Damping(settings.upgradeBackoff());
    }

    @Override
    protected void initChannel(Channel channel) {
        if (connections.size() >= settings.connections()) {
            channel.close();
            return;
        }
        connections.add(channel);
        channel.pipeline()
                .addLast(
                        "http",
                        new HttpServerCodec(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                                .setMaxHeaderSize(MAX_HEADERS)))
                .addLast("body", new HttpObjectAggregator(settings.bodyLimit()))
                .addLast("requests", new HttpHandler(settings, routes, upgrade, damping, opening));
    }
}
