package dev.campfire.realtime.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Cuts what a server sends into frames: first the head of its answer, then frames, which are not masked. */
abstract class FrameCutter extends ByteToMessageDecoder {

    private static final ByteBuf END_OF_HEAD =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII));
    private static final int SWITCHING = 101;
    private static final int STATUS_AT = 9;

    private boolean open;

    /** The server has switched protocols. */
    abstract void opened(ChannelHandlerContext ctx);

    /** It has refused to. */
    abstract void refused(String answer);

    /** A whole frame; the payload is valid during the call. */
    abstract void frame(ChannelHandlerContext ctx, int opcode, ByteBuf payload);

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!open) {
            int end = ByteBufUtil.indexOf(END_OF_HEAD, in);
            if (end < 0) {
                return;
            }
            String head = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.US_ASCII);
            in.readerIndex(end + END_OF_HEAD.readableBytes());
            if (!head.startsWith(Integer.toString(SWITCHING), STATUS_AT)) {
                in.skipBytes(in.readableBytes());
                refused(head);
                return;
            }
            open = true;
            opened(ctx);
        }
        while (in.readableBytes() >= 2) {
            int start = in.readerIndex();
            long length = in.getByte(start + 1) & 127;
            int head = length < 126 ? 2 : length == 126 ? 4 : 10;
            if (in.readableBytes() < head) {
                return;
            }
            if (head > 2) {
                length = head == 4 ? in.getUnsignedShort(start + 2) : in.getLong(start + 2);
            }
            if (in.readableBytes() < head + length) {
                return;
            }
            frame(ctx, in.getByte(start) & 15, in.slice(start + head, (int) length));
            in.skipBytes(head + (int) length);
        }
    }
}
