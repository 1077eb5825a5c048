package dev.campfire.realtime.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Makes whole messages of compressed ones, each for itself. What a message becomes is bounded as if it had come as it is:
 * beyond that it is not decompressed any further. One for all sockets that agreed to compression.
 */
@Sharable
final class MessageInflater extends ChannelInboundHandlerAdapter {

    private static final int COMPRESSED = 4;

    /** What a sender leaves out at the end of each message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private static final int PIECE = 8 * 1024;

    private final int limit;
    private final FastThreadLocal<Inflater> inflaters = new FastThreadLocal<>() {
        @Override
        protected Inflater initialValue() {
            return new Inflater(true);
        }
    };

    /** @param limit the largest message, in bytes */
    MessageInflater(int limit) {
        this.limit = limit;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof WebSocketFrame frame) || frame.rsv() == 0) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            if (frame.rsv() != COMPRESSED) {
                throw corrupted("reserved bits that were not agreed on");
            }
            switch (frame) {
                case TextWebSocketFrame text ->
                    ctx.fireChannelRead(new TextWebSocketFrame(inflate(ctx, text.content())));
                case BinaryWebSocketFrame binary ->
                    ctx.fireChannelRead(new BinaryWebSocketFrame(inflate(ctx, binary.content())));
                default -> throw corrupted("a compressed control frame");
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private ByteBuf inflate(ChannelHandlerContext ctx, ByteBuf compressed) {
        Inflater inflater = inflaters.get();
        inflater.reset();
        ByteBuf whole = ctx.alloc().heapBuffer(Math.min(limit, Math.max(PIECE, compressed.readableBytes() * 4)));
        try {
            inflate(inflater, ByteBufUtil.getBytes(compressed), whole);
            inflate(inflater, TAIL, whole);
        } catch (RuntimeException | Error e) {
            whole.release();
            throw e;
        }
        return whole;
    }

    private void inflate(Inflater inflater, byte[] input, ByteBuf whole) {
        inflater.setInput(input);
        try {
            while (true) {
                whole.ensureWritable(1);
                int room = Math.min(whole.writableBytes(), PIECE);
                int count = inflater.inflate(whole.array(), whole.arrayOffset() + whole.writerIndex(), room);
                whole.writerIndex(whole.writerIndex() + count);
                if (whole.readableBytes() > limit) {
                    throw new TooLongFrameException("a message of more than " + limit + " bytes");
                }
                if (count == 0) {
                    return;
                }
            }
        } catch (DataFormatException e) {
            throw corrupted("a message that cannot be decompressed");
        }
    }

    private static CorruptedWebSocketFrameException corrupted(String what) {
        return new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, what);
    }
}
