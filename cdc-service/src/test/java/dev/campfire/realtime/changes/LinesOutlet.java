package dev.campfire.realtime.changes;

import dev.campfire.realtime.channel.Outlet;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes everything at once, and keeps it as lines of text. */
final class LinesOutlet implements Outlet {

    final List<String> got = new CopyOnWriteArrayList<>();

    @Override
    public boolean write(ByteBuf frames) {
        got.addAll(frames.toString(StandardCharsets.UTF_8).lines().toList());
        frames.release();
        return true;
    }

    @Override
    public void flush() {}

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
}
