package dev.campfire.realtime.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an answer's body in chunks, as fast as its client takes them: no more than a little waits for the connection. A
 * client that takes nothing for a minute is cut off.
 */
final class BodyStream implements BodyWriter.Body {

    private static final Logger LOG = LoggerFactory.getLogger(BodyStream.class);

    private static final int CHUNK = 16 * 1024;

    /** So many bytes may be on their way to the client. */
    private static final int MOST_UNTAKEN = 256 * 1024;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final ChannelHandlerContext ctx;
    private final BodyWriter writer;
    private final Runnable done;
    private final Semaphore room = new Semaphore(MOST_UNTAKEN);
    private final Thread thread;

    // Touched by its thread alone.
    private ByteBuf buffer;

    /**
     * @param done run on the event loop when the body has been written to its end; when it has not, the connection is closed
     */
    BodyStream(ChannelHandlerContext ctx, BodyWriter writer, Runnable done) {
        this.ctx = ctx;
        this.writer = writer;
        this.done = done;
        this.buffer = ctx.alloc().buffer(CHUNK);
        this.thread = Thread.ofPlatform().name("long-answer").daemon().unstarted(this::run);
    }

    /** Begins; the answer's head has been written. */
    void start() {
        thread.start();
        ctx.channel().closeFuture().addListener(closed -> thread.interrupt());
    }

    private void run() {
        boolean isWhole = false;
        try {
            writer.writeTo(this);
            flush();
            isWhole = true;
        } catch (InterruptedException e) {
            // The client has gone.
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.warn("An answer could not be written to its end: {}", String.valueOf(e.getMessage()));
            LOG.debug("What lies behind it:", e);
        } finally {
            buffer.release();
        }
        if (isWhole) {
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            ctx.executor().execute(done);
        } else {
            ctx.close();
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException, InterruptedException {
        buffer.writeBytes(bytes);
        if (buffer.readableBytes() >= CHUNK) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        if (!buffer.isReadable()) {
            return;
        }
        int size = Math.min(buffer.readableBytes(), MOST_UNTAKEN);
        if (!room.tryAcquire(size, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("its client takes nothing");
        }
        ByteBuf full = buffer;
        buffer = ctx.alloc().buffer(CHUNK);
        ctx.writeAndFlush(new DefaultHttpContent(full)).addListener((ChannelFutureListener) written -> {
            room.release(size);
            if (!written.isSuccess()) {
                ctx.close();
            }
        });
    }
}
