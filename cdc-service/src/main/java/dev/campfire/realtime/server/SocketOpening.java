package dev.campfire.realtime.server;

import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.phoenix.PhoenixEndpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Turns a connection from HTTP into a websocket with a session. Safe for use by several threads. */
final class SocketOpening {

    private final ServerSettings settings;
    private final PhoenixEndpoint phoenix;
    private final ChannelHub hub;
    private final Damping damping;
    private final Addresses addresses;
    private final MessageInflater inflater;

    SocketOpening(ServerSettings settings, PhoenixEndpoint phoenix, ChannelHub hub, Addresses addresses) {
        this.addresses = addresses;
        this.settings = settings;
        this.phoenix = phoenix;
        this.hub = hub;
        this.damping = new Damping(settings.joinBackoff());
        this.inflater = new MessageInflater(settings.frameLimit());
    }

    /** Rebuilds the pipeline and answers the request with 101. */
    void open(ChannelHandlerContext http, FullHttpRequest request, WebSocketUpgrade.Decision.Accepted accepted) {
        Channel channel = http.channel();
        ChannelPipeline pipeline = http.pipeline();
        boolean isCompressed = settings.compresses()
                && DeflateOffer.isAcceptable(request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
        // The handshaker removes HTTP's codec and aggregator and puts websocket's in their place. No subprotocol is
        // answered.
        WebSocketServerHandshaker13 handshaker = new WebSocketServerHandshaker13(
                "",
                null,
                WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(settings.frameLimit())
                        .allowExtensions(isCompressed)
                        .closeOnProtocolViolation(false)
                        .withUTF8Validator(false)
                        .build());
        Socket socket = new Socket(channel, settings, hub, damping, addresses);
        SocketHandler handler = new SocketHandler(
                socket,
                phoenix.open(
                        accepted.version(),
                        isCompressed,
                        accepted.token(),
                        ForwardedHeaders.json(request.headers()),
                        channel.eventLoop(),
                        socket));
        pipeline.addAfter(
                http.name(),
                "idle",
                new IdleStateHandler(settings.idleTimeout().toMillis(), 0, 0, TimeUnit.MILLISECONDS));
        pipeline.addAfter("idle", "messages", new WebSocketFrameAggregator(settings.frameLimit()));
        pipeline.addAfter("messages", "socket", handler);
        if (isCompressed) {
            pipeline.addAfter("messages", "inflater", inflater);
        }
        pipeline.remove(http.name());
        HttpHeaders answer = new DefaultHttpHeaders();
        if (isCompressed) {
            answer.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, DeflateOffer.ANSWER);
        }
        handshaker.handshake(channel, request, answer, channel.newPromise()).addListener(done -> {
            if (!done.isSuccess()) {
                channel.close();
            }
        });
    }
}
