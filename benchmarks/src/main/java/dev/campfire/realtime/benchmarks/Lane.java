package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.Receiver;
import dev.campfire.realtime.benchmarks.client.Timeline;
import dev.campfire.realtime.benchmarks.measure.Latencies;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One way from commit to receiver: a database, who writes into it, and how long its messages took, repetition by
 * repetition. The writing thread owns it; {@link #received} is called by the receiver's.
 */
final class Lane implements Receiver {

    private final String title;
    private final PublishedDatabase database;
    private final NumberedMessages messages;
    private final List<Latencies> fromReturn = new ArrayList<>();
    private final List<Latencies> fromCall = new ArrayList<>();
    private volatile Timeline timeline = new Timeline(0);

    Lane(String title, Workbench workbench, PublishedDatabase database, int contentLength) throws Exception {
        this.title = title;
        this.database = database;
        this.messages = workbench.owned(new NumberedMessages(database, contentLength));
    }

    String title() {
        return title;
    }

    PublishedDatabase database() {
        return database;
    }

    /** Begins a repetition of so many messages. */
    void begin(int count) {
        timeline = new Timeline(count);
    }

    void commit(int number) throws Exception {
        messages.insert(number);
        long before = System.nanoTime();
        messages.commit();
        timeline.committed(number, before, System.nanoTime());
    }

    @Override
    public void received(long at, byte[] buffer, int from, int to) {
        timeline.received(at, buffer, from, to);
    }

    /** Waits for the last message of the repetition and keeps its latencies. */
    void end(Duration patience) {
        timeline.awaitAll(patience);
        fromReturn.add(timeline.fromReturn());
        fromCall.add(timeline.fromCall());
    }

    /** Forgets all repetitions. */
    void forget() {
        fromReturn.clear();
        fromCall.clear();
    }

    /** This percentile over the repetitions, from the return of COMMIT, in milliseconds. */
    Spread spread(double percent) {
        return Spread.of(percentiles(fromReturn, percent));
    }

    /** The same from the call of COMMIT. */
    Spread fromCall(double percent) {
        return Spread.of(percentiles(fromCall, percent));
    }

    /** By how much this lane's percentile exceeds the other's, repetition by repetition. */
    Spread difference(Lane other, double percent) {
        double[] mine = percentiles(fromReturn, percent);
        double[] others = percentiles(other.fromReturn, percent);
        return Spread.of(IntStream.range(0, mine.length)
                .mapToDouble(i -> mine[i] - others[i])
                .toArray());
    }

    /** Hands over the percentiles of each repetition. */
    void raw(Report report, double rate) {
        for (double percent : new double[] {50, 99, 100}) {
            report.measuredAt(
                    "p" + Math.round(percent) + " ms from return of COMMIT",
                    "changes per second",
                    title,
                    rate,
                    percentiles(fromReturn, percent));
            report.measuredAt(
                    "p" + Math.round(percent) + " ms from call of COMMIT",
                    "changes per second",
                    title,
                    rate,
                    percentiles(fromCall, percent));
        }
    }

    private static double[] percentiles(List<Latencies> repetitions, double percent) {
        return repetitions.stream().mapToDouble(one -> one.percentile(percent)).toArray();
    }
}
