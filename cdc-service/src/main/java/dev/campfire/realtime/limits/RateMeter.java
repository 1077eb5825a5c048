package dev.campfire.realtime.limits;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How often something happens, as Supabase Realtime counts it: samples of five seconds, and the average over the last
 * minute, or over the time since the start while that is shorter. So bursts may exceed a limit that the average keeps.
 * Counting costs the same whatever the rate. Safe for use by several threads.
 */
public final class RateMeter {

    private static final long SAMPLE = Duration.ofSeconds(5).toNanos();
    private static final int SAMPLES = 12;

    private final LongSupplier nanoTime;
    private final LongAdder current = new LongAdder();
    private final long[] samples = new long[SAMPLES];
    private int taken;
    private int next;
    private volatile long sampleEnd;
    private volatile double average;

    public RateMeter() {
        this(System::nanoTime);
    }

    RateMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.sampleEnd = nanoTime.getAsLong() + SAMPLE;
    }

    /** It happened so many times more. */
    public void add(long times) {
        current.add(times);
        rollOver();
    }

    /** How often it happens, per second. */
    public double perSecond() {
        rollOver();
        return average;
    }

    private void rollOver() {
        if (nanoTime.getAsLong() - sampleEnd >= 0) {
            takeSamples();
        }
    }

    private synchronized void takeSamples() {
        long now = nanoTime.getAsLong();
        long behind = now - sampleEnd;
        if (behind < 0) {
            return;
        }
        long due = 1 + behind / SAMPLE;
        // What was counted since the last look belongs to the sample that was open then; later ones had nobody.
        long count = current.sumThenReset();
        for (long i = 0; i < Math.min(due, SAMPLES); i++) {
            samples[next] = i == 0 ? count : 0;
            next = (next + 1) % SAMPLES;
            taken = Math.min(SAMPLES, taken + 1);
        }
        long sum = 0;
        for (int i = 0; i < taken; i++) {
            sum += samples[i];
        }
        average = (double) sum / (taken * Duration.ofNanos(SAMPLE).toSeconds());
        sampleEnd += due * SAMPLE;
    }
}
