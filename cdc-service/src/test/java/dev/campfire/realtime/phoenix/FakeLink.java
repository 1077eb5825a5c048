package dev.campfire.realtime.phoenix;

import dev.campfire.realtime.ManualClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A socket's link that keeps the payloads of what is written, and runs scheduled tasks as the clock is moved. */
final class FakeLink implements SocketLink {

    private record Task(Duration due, Runnable run) {}

    private final ManualClock clock;
    /** The time of timers, which goes on evenly when the clock is set. */
    private Duration elapsed = Duration.ZERO;

    private final List<Task> tasks = new ArrayList<>();
    private final List<String> written = new ArrayList<>();

    @Nullable
    CloseReason closed;

    boolean isHeld;
    boolean awaitsFlush;

    FakeLink(ManualClock clock) {
        this.clock = clock;
    }

    /** What was written since the last call: text as it is, binary in hex. */
    List<String> take() {
        List<String> taken = List.copyOf(written);
        written.clear();
        return taken;
    }

    int scheduled() {
        return tasks.size();
    }

    /** Lets time pass, stopping at every task that becomes due on the way. */
    void advance(Duration time) {
        Duration end = elapsed.plus(time);
        for (Optional<Task> next = nextTask(end); next.isPresent(); next = nextTask(end)) {
            Task task = next.get();
            tasks.remove(task);
            pass(task.due());
            task.run().run();
        }
        pass(end);
    }

    private void pass(Duration until) {
        clock.advance(until.minus(elapsed));
        elapsed = until;
    }

    private Optional<Task> nextTask(Duration end) {
        return tasks.stream().filter(task -> task.due().compareTo(end) <= 0).min(Comparator.comparing(Task::due));
    }

    /** How long the answers to refused joins wait. */
    Duration refusalDelay = Duration.ZERO;

    @Override
    public boolean admitsJoin() {
        return true;
    }

    @Override
    public Duration refusalDelay() {
        return refusalDelay;
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return Unpooled.buffer(capacity);
    }

    @Override
    public boolean write(ByteBuf frames) {
        while (frames.isReadable()) {
            boolean isText = frames.readUnsignedByte() == 0x81;
            int length = frames.readUnsignedByte();
            if (length == 126) {
                length = frames.readUnsignedShort();
            }
            ByteBuf payload = frames.readSlice(length);
            written.add(isText ? payload.toString(StandardCharsets.UTF_8) : ByteBufUtil.hexDump(payload));
        }
        frames.release();
        boolean isFirst = !awaitsFlush;
        awaitsFlush = true;
        return isFirst;
    }

    @Override
    public void flush() {
        awaitsFlush = false;
    }

    @Override
    public long waiting() {
        return 0;
    }

    @Override
    public long taken() {
        return 0;
    }

    @Override
    public void fail(Throwable cause) {
        throw new AssertionError(cause);
    }

    @Override
    public void close(CloseReason reason) {
        closed = reason;
    }

    @Override
    public ScheduledTask schedule(Duration delay, Runnable run) {
        Task task = new Task(elapsed.plus(delay), run);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    @Override
    public void holdReading() {
        isHeld = true;
    }
}
