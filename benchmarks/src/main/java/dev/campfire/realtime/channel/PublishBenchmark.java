package dev.campfire.realtime.channel;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What publishing one event to a channel takes, up to the sockets, which take everything and send nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PublishBenchmark {

    private static final long BACKLOG = 64 * 1024 * 1024;

    @Param({"1", "1000"})
    public int subscribers = 1;

    private final Loop loop = new Loop();
    private final ChannelHub hub = new ChannelHub(PooledByteBufAllocator.DEFAULT, BACKLOG);
    private final List<Event> events = List.of(new Event(
            new Position(new ChangeId(1, 2, 3), 0),
            "org:o:conv:c",
            "message:created",
            Instant.EPOCH,
            ("{\"record\":\"" + "x".repeat(600) + "\"}").getBytes(StandardCharsets.US_ASCII),
            null));

    /** An event loop that turns when it is told to. */
    private static final class Loop implements Executor {
        private final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void turn() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    /** A socket that is always ready. */
    private static final class Socket implements Outlet {
        private boolean unflushed;
        private long taken;

        @Override
        public boolean write(ByteBuf frames) {
            taken += frames.readableBytes();
            frames.release();
            boolean isFirst = !unflushed;
            unflushed = true;
            return isFirst;
        }

        @Override
        public void flush() {
            unflushed = false;
        }

        @Override
        public long waiting() {
            return 0;
        }

        @Override
        public long taken() {
            return taken;
        }

        @Override
        public void fail(Throwable cause) {
            throw new IllegalStateException(cause);
        }
    }

    /** The payload as it is. */
    private static final class Verbatim implements FrameFormat, FrameEncoder {
        @Override
        public FrameEncoder forTopic(String topic) {
            return this;
        }

        @Override
        public void encode(Message message, ByteBuf out) {
            if (message instanceof Message.Broadcast broadcast) {
                out.writeBytes(broadcast.payload());
            }
        }

        @Override
        public int overhead() {
            return 0;
        }
    }

    @Setup
    public void join() {
        Verbatim format = new Verbatim();
        ChannelKey key = ChannelKey.published(events.getFirst());
        for (int i = 0; i < subscribers; i++) {
            hub.on(loop).join(key, new Socket(), format, "realtime:org:o:conv:c");
        }
    }

    @Benchmark
    public void publish() throws InterruptedException {
        hub.publish(events);
        loop.turn();
    }
}
