package dev.campfire.realtime.benchmarks.measure;

import java.util.Arrays;

/** The latencies of one repetition, in nanoseconds. */
public final class Latencies {

    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] sorted;

    /** @param nanos at least one, in any order; negative where one moment was seen before the other */
    public Latencies(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    /**
     * In milliseconds, by nearest rank: the smallest latency that this share of all does not exceed. With fewer than 100
     * latencies the 99th percentile is therefore the longest.
     *
     * @param percent above 0, up to 100
     */
    public double percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
    }

    public double median() {
        return percentile(50);
    }
}
