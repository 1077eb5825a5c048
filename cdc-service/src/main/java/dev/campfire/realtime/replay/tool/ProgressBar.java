package dev.campfire.realtime.replay.tool;

import dev.campfire.realtime.replay.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far a replay has come, in one line of a terminal that is written again and again. For one thread. */
final class ProgressBar implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int WIDTH = 30;
    private static final String CLEAR = "\r\033[K";

    private final PrintStream terminal;
    private final boolean isShown;
    private final LongSupplier nanoTime;
    private final long started;
    private long drawn;
    private boolean isThere;

    /** @param isShown whether there is a terminal; nothing is written to it otherwise, but notices */
    ProgressBar(PrintStream terminal, boolean isShown, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.isShown = isShown;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
        this.drawn = started - BETWEEN.toNanos();
    }

    /** @param isFollowing whether there is no end that it could be near to */
    void show(Progress progress, long events, boolean isFollowing) {
        long now = nanoTime.getAsLong();
        if (!isShown || now - drawn < BETWEEN.toNanos()) {
            return;
        }
        drawn = now;
        isThere = true;
        terminal.print(CLEAR + line(progress, events, isFollowing, Duration.ofNanos(now - started)));
        terminal.flush();
    }

    /** The line: {@code [=====>     ] 43 %  12,345 events  3,210/s  0:05 left}. */
    static String line(Progress progress, long events, boolean isFollowing, Duration since) {
        double seconds = Math.max(since.toMillis(), 1) / 1000.0;
        String rate = String.format(Locale.ROOT, "%,d events  %,.0f/s", events, events / seconds);
        boolean isThrough = progress.bytesRead() >= progress.bytes();
        if (isFollowing && isThrough) {
            return "following  " + rate + "  " + clock(since.toSeconds());
        }
        double part = progress.bytes() <= 0 ? 1 : Math.min(1, (double) progress.bytesRead() / progress.bytes());
        int filled = (int) (part * WIDTH);
        String bar = "=".repeat(filled) + (filled < WIDTH ? ">" + " ".repeat(WIDTH - 1 - filled) : "");
        String left = part <= 0.001 ? "" : "  " + clock(Math.round(seconds / part - seconds)) + " left";
        return String.format(Locale.ROOT, "[%s] %3d %%  %s%s", bar, (int) (part * 100), rate, left);
    }

    private static String clock(long seconds) {
        return seconds >= 3600
                ? "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60)
                : "%d:%02d".formatted(seconds / 60, seconds % 60);
    }

    /** A line that stays. */
    void notice(String text) {
        clear();
        terminal.println(text);
        terminal.flush();
    }

    private void clear() {
        if (isThere) {
            terminal.print(CLEAR);
            isThere = false;
        }
    }

    @Override
    public void close() {
        clear();
        terminal.flush();
    }
}
