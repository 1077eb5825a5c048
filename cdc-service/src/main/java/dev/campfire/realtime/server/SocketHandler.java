package dev.campfire.realtime.server;

import dev.campfire.realtime.phoenix.CloseReason;
import dev.campfire.realtime.phoenix.PhoenixSession;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiving side of a websocket: hands messages to the session, answers pings, ends what has to end. */
final class SocketHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(SocketHandler.class);

    private final Socket socket;
    private final PhoenixSession session;

    SocketHandler(Socket socket, PhoenixSession session) {
        this.socket = socket;
        this.session = session;
        socket.onOverflow(session::tooSlow);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (socket.isOpen() || message instanceof CloseWebSocketFrame) {
                handle(message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void handle(Object message) {
        if (message instanceof WebSocketFrame frame && !(frame instanceof CloseWebSocketFrame)) {
            if (!socket.admits(frame.content().readableBytes())) {
                session.tooMuch();
                return;
            }
        }
        switch (message) {
            case TextWebSocketFrame text -> session.onText(ByteBufUtil.getBytes(text.content()));
            case BinaryWebSocketFrame binary -> session.onBinary(ByteBufUtil.getBytes(binary.content()));
            case PingWebSocketFrame ping -> socket.pong(ping.content().retain());
            case CloseWebSocketFrame close -> {
                session.onClosed();
                socket.onPeerClose(close.statusCode());
            }
            default -> {
                // Pongs, which nobody asked for.
            }
        }
    }

    /** The socket has been read empty: what was answered meanwhile goes out in one piece. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        socket.flush();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        session.onClosed();
        socket.discard();
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            end(CloseReason.IDLE);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case CorruptedWebSocketFrameException e -> {
                stopDecoding(ctx);
                end(
                        e.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
                                ? CloseReason.TOO_BIG
                                : CloseReason.PROTOCOL_ERROR);
            }
            case TooLongFrameException e -> end(CloseReason.TOO_BIG);
            case IOException e -> ctx.close();
            default -> {
                LOG.error("A socket failed", cause);
                end(CloseReason.FAILED);
            }
        }
    }

    /** Where frames begin is not known any more: what still comes is read, so that our close frame gets through. */
    private static void stopDecoding(ChannelHandlerContext ctx) {
        if (ctx.pipeline().get(WebSocket13FrameDecoder.class) != null) {
            ctx.pipeline().remove(WebSocket13FrameDecoder.class);
        }
    }

    private void end(CloseReason reason) {
        session.onClosed();
        socket.close(reason);
    }

    /** The server goes down. */
    void shutDown() {
        session.shutDown();
    }
}
