package dev.campfire.realtime.console;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeBatch;
import dev.campfire.realtime.capture.ChangeSink;
import dev.campfire.realtime.capture.StreamStart;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * How long it takes from the commit until everything that became of it is published: looks at the clock once for each batch,
 * behind the sink that it hands everything on to. The commit's time is by the clock of Postgres's machine. Taken from by any thread.
 */
public final class CommitLatency implements ChangeSink {

    /** Of more batches than this between two looks the latest are kept. */
    private static final int MOST = 1024;

    private final ChangeSink sink;
    private final InstantSource clock;

    // Guarded by this.
    private final long[] nanos = new long[MOST];
    private long batches;

    public CommitLatency(ChangeSink sink, InstantSource clock) {
        this.sink = sink;
        this.clock = clock;
    }

    /** What was measured between two looks, in the middle and for 99 of 100. */
    record Summary(Duration median, Duration p99) {}

    @Override
    public void begin(StreamStart start) {
        sink.begin(start);
    }

    @Override
    public void accept(ChangeBatch batch) throws InterruptedException {
        sink.accept(batch);
        if (!batch.changes().isEmpty()) {
            Change last = batch.changes().getLast();
            note(Duration.between(last.commitTime(), clock.instant()));
        }
    }

    private synchronized void note(Duration latency) {
        nanos[(int) (batches++ % MOST)] = Math.max(0, latency.toNanos());
    }

    /** What was measured since this was last asked; empty when nothing was. */
    synchronized Optional<Summary> take() {
        int measured = (int) Math.min(batches, MOST);
        batches = 0;
        if (measured == 0) {
            return Optional.empty();
        }
        long[] sorted = Arrays.copyOf(nanos, measured);
        Arrays.sort(sorted);
        return Optional.of(
                new Summary(Duration.ofNanos(sorted[measured / 2]), Duration.ofNanos(sorted[measured * 99 / 100])));
    }
}
