package dev.campfire.realtime.replay.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines from a connection over which something comes every few seconds: when nothing does for a minute it counts as
 * cut. For one thread.
 */
final class LineReader implements AutoCloseable {

    private static final Duration SILENCE = Duration.ofMinutes(1);

    private static final int LONGEST_LINE = 256 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("silence").factory());
    private int next;
    private int end;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The connection ended where it should not have. */
    static final class CutException extends IOException {
        private static final long serialVersionUID = 1;

        CutException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The next line without its end; null behind the last. */
    byte @Nullable [] next() throws IOException, InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        while (true) {
            for (int i = next; i < end; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, next, i - next);
                    next = i + 1;
                    return line.toByteArray();
                }
            }
            line.write(buffer, next, end - next);
            next = end;
            if (line.size() > LONGEST_LINE) {
                throw new IOException("the server told a line that is too long");
            }
            if (!fill()) {
                if (line.size() > 0) {
                    throw new CutException("The connection was cut", null);
                }
                return null;
            }
        }
    }

    private boolean fill() throws IOException, InterruptedException {
        ScheduledFuture<?> guard = watch.schedule(this::cut, SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        try {
            int count = in.read(buffer);
            next = 0;
            end = Math.max(0, count);
            return count > 0;
        } catch (IOException e) {
            if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw new CutException("The connection was cut: " + e.getMessage(), e);
        } finally {
            guard.cancel(false);
        }
    }

    private void cut() {
        try {
            in.close();
        } catch (IOException e) {
            // It is as closed as it gets; the reader finds out.
        }
    }

    /** Whether there is more that needs not be waited for. */
    boolean hasMoreAtHand() throws IOException {
        return next < end || in.available() > 0;
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
