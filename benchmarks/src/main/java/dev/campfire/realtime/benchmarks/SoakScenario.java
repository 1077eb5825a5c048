package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.JavaMemory;
import dev.campfire.realtime.benchmarks.measure.ProcessMemory;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.measure.Trend;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether memory stays what it is while changes come at a steady rate for a long time. */
@Command(
        name = "soak",
        description = {
            "Memory of the service while changes come at a steady rate, are journaled and reach one subscriber: what of the"
                    + " process is in memory, and what is used of its Java heap after a full collection. RocksDB fills up to"
                    + " 100 MB of buffers and cache outside the heap before it stays.",
            "",
            "The slopes are those of straight lines through the second half of the samples; an hour says more than the"
                    + " default.",
            ""
        })
final class SoakScenario extends ScenarioCommand {

    /** What memory may grow by in an hour and still be called flat, in MB. */
    private static final double FLAT = 20;

    private static final int BATCHES_A_SECOND = 50;
    private static final double MEGABYTE = 1 << 20;
    private static final double KIBIBYTES = 1024;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "2",
            description = "How long. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Changes per second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
    private int samples;

    /** @param minutes since the beginning */
    private record Sample(double minutes, double resident, double heap) {}

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("minutes", minutes).parameter("rate", rate).parameter("samples", samples);
        PublishedDatabase database = workbench.database("soak");
        ServiceProcess service = workbench.service(database);
        AtomicLong received = new AtomicLong();
        workbench.subscriber(service, database, (at, buffer, from, to) -> received.incrementAndGet());
        List<Sample> taken = write(workbench, database, service.pid());
        long committed = Math.round(minutes * 60 * BATCHES_A_SECOND) * (rate / BATCHES_A_SECOND);
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (received.get() < committed && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        tell(report, taken);
        report.add(Figure.atLeast("events that reached the subscriber", received.get(), committed, ""));
    }

    private List<Sample> write(Workbench workbench, PublishedDatabase database, long pid) throws Exception {
        ProcessMemory resident = new ProcessMemory(pid);
        JavaMemory heap = new JavaMemory(pid);
        List<Sample> taken = new ArrayList<>();
        Metronome metronome = new Metronome(1_000_000_000L / BATCHES_A_SECOND);
        long batches = Math.round(minutes * 60 * BATCHES_A_SECOND);
        long eachSample = Math.max(1, batches / samples);
        int perBatch = rate / BATCHES_A_SECOND;
        long begun = System.nanoTime();
        try (NumberedMessages messages = new NumberedMessages(database, 200)) {
            for (long i = 1; i <= batches; i++) {
                metronome.await();
                int first = (int) ((i - 1) * perBatch % 500_000_000);
                messages.commitMany(first, first + perBatch - 1);
                if (i % eachSample == 0) {
                    double used = heap.heap() / MEGABYTE;
                    Sample sample =
                            new Sample((System.nanoTime() - begun) / 60e9, resident.resident() / KIBIBYTES, used);
                    taken.add(sample);
                    workbench.say(
                            "%.1f min: resident %.0f MB, heap after collection %.0f MB",
                            sample.minutes(), sample.resident(), sample.heap());
                }
            }
        }
        return taken;
    }

    private static void tell(Report report, List<Sample> taken) {
        Table table = new Table("minutes", "resident MB", "heap after collection MB");
        for (Sample sample : taken) {
            table.row(number(sample.minutes()), number(sample.resident()), number(sample.heap()));
        }
        report.add(table);
        // What comes in the first half is filling caches and compiling.
        List<Sample> late = taken.subList(taken.size() / 2, taken.size());
        double[] hours =
                late.stream().mapToDouble(sample -> sample.minutes() / 60).toArray();
        Trend resident =
                Trend.of(hours, late.stream().mapToDouble(Sample::resident).toArray());
        Trend heap = Trend.of(hours, late.stream().mapToDouble(Sample::heap).toArray());
        report.add(Figure.atMost("growth of the resident memory", resident.slope(), FLAT, "MB/h"));
        report.add(Figure.atMost("growth of the heap after collection", heap.slope(), FLAT, "MB/h"));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
