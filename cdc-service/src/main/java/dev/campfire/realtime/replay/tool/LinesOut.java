package dev.campfire.realtime.replay.tool;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Standard output: an event a line. */
final class LinesOut implements Destination {

    private static final int BUFFER = 64 * 1024;

    private final OutputStream out;
    private @Nullable String last;
    private @Nullable String acknowledged;

    LinesOut(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER);
    }

    /** Nobody reads any more. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;

        ClosedException(IOException cause) {
            super("standard output was closed", cause);
        }
    }

    @Override
    public void take(Told event) throws IOException {
        try {
            out.write(event.json());
            out.write('\n');
        } catch (IOException e) {
            throw new ClosedException(e);
        }
        last = event.position();
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw new ClosedException(e);
        }
        acknowledged = last;
    }

    @Override
    public @Nullable String acknowledged() {
        return acknowledged;
    }
}
