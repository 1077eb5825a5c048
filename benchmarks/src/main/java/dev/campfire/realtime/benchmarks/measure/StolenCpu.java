package dev.campfire.realtime.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Processor time that a virtual machine wanted and its host gave to others, all processors together, as Linux counts it: in steps of
 * 10 ms. Nothing where there is no Linux, or the host does not tell.
 */
public final class StolenCpu {

    // See proc_stat(5): the first line is the sum over the processors.
    private static final int STEAL = 8;

    private StolenCpu() {}

    /** Since the machine's start. */
    public static Duration sinceStart() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/stat")));
        } catch (IOException e) {
            return Duration.ZERO;
        }
    }

    static Duration parse(List<String> lines) {
        String[] fields = lines.getFirst().split(" +");
        return fields.length > STEAL
                ? Duration.ofNanos(Long.parseLong(fields[STEAL]) * ProcessCpu.NANOS_PER_TICK)
                : Duration.ZERO;
    }
}
