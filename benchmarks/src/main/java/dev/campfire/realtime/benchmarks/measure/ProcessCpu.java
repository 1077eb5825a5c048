package dev.campfire.realtime.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** The processor time of a process, all threads together, user and system, as Linux counts it: in steps of 10 ms. */
public final class ProcessCpu {

    // See proc(5): what follows the command, which stands in parentheses and may hold anything, is separated by blanks.
    private static final Pattern BLANK = Pattern.compile(" ");
    private static final int UTIME = 11;
    private static final int STIME = 12;
    static final long NANOS_PER_TICK = 10_000_000;

    private final Path stat;

    public ProcessCpu(long pid) {
        this.stat = Path.of("/proc", Long.toString(pid), "stat");
    }

    /** What it has used since its start. */
    public Duration used() {
        try {
            return parse(Files.readString(stat));
        } catch (IOException e) {
            throw new UncheckedIOException("the process that is measured has ended, or this is no Linux", e);
        }
    }

    static Duration parse(String line) {
        String[] fields = BLANK.split(line.substring(line.lastIndexOf(')') + 2));
        return Duration.ofNanos((Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * NANOS_PER_TICK);
    }
}
