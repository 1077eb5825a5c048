package dev.campfire.realtime.channel;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An outlet that keeps what it is given as text, and what was done to it. */
final class RecordingOutlet implements Outlet {

    final List<String> writes = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    int flushes;
    long waiting;
    long taken;
    private boolean awaitsFlush;

    @Override
    public boolean write(ByteBuf frames) {
        writes.add(frames.toString(StandardCharsets.UTF_8));
        frames.release();
        boolean isFirst = !awaitsFlush;
        awaitsFlush = true;
        return isFirst;
    }

    @Override
    public void flush() {
        flushes++;
        awaitsFlush = false;
    }

    @Override
    public long waiting() {
        return waiting;
    }

    @Override
    public long taken() {
        return taken;
    }

    @Override
    public void fail(Throwable cause) {
        failures.add(cause);
    }

    /** All frames, one behind the other. */
    String received() {
        return String.join("", writes);
    }
}
