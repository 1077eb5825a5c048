package dev.campfire.realtime.app;

import java.io.PrintWriter;
import java.time.Duration;

/** What commands tell a person while they work: a line per step, finished with how long it took. */
final class Console {

    private final PrintWriter out;

    Console(PrintWriter out) {
        this.out = out;
    }

    /** A step that may fail. */
    interface Step<T> {
        T run() throws Exception;
    }

    /** Runs a step between its announcement and its time. */
    <T> T step(String what, Step<T> step) throws Exception {
        out.print("  " + what + " ... ");
        out.flush();
        long started = System.nanoTime();
        try {
            T result = step.run();
            out.println(seconds(Duration.ofNanos(System.nanoTime() - started)));
            out.flush();
            return result;
        } catch (Exception e) {
            out.println("failed");
            out.flush();
            throw e;
        }
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    private static String seconds(Duration duration) {
        return String.format(java.util.Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
