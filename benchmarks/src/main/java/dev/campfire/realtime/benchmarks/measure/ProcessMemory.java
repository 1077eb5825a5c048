package dev.campfire.realtime.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The resident memory of a whole process, as Linux counts it. */
public final class ProcessMemory {

    private static final String KEY = "VmRSS:";

    private final Path status;

    public ProcessMemory(long pid) {
        this.status = Path.of("/proc", Long.toString(pid), "status");
    }

    /** In kibibytes. */
    public long resident() {
        try {
            return parse(Files.readAllLines(status));
        } catch (IOException e) {
            throw new UncheckedIOException("the process that is measured has ended, or this is no Linux", e);
        }
    }

    static long parse(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith(KEY)) {
                return Long.parseLong(
                        line.substring(KEY.length()).replace("kB", "").strip());
            }
        }
        throw new IllegalArgumentException("no " + KEY + " in the status of the process");
    }
}
