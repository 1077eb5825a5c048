package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process that should have nothing to do, and how much it does nevertheless. For one thread. */
final class IdleProcess {

    private final String title;
    private final ProcessCpu cpu;
    private final List<Double> percent = new ArrayList<>();
    private Duration usedBefore = Duration.ZERO;
    private long start;

    IdleProcess(String title, long pid) {
        this.title = title;
        this.cpu = new ProcessCpu(pid);
    }

    void begin() {
        usedBefore = cpu.used();
        start = System.nanoTime();
    }

    void end() {
        percent.add(100.0 * cpu.used().minus(usedBefore).toNanos() / (System.nanoTime() - start));
    }

    String title() {
        return title;
    }

    /** Of one core, by repetition. */
    double[] percent() {
        return percent.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
