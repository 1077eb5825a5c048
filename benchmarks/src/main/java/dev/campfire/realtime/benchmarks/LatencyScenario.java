package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** From commit to client, beside a bare reader of the same kind of changes. */
@Command(
        name = "latency",
        description = {
            "From commit to client: one subscriber of one channel, at several rates, beside a bare pgjdbc reader.",
            "",
            "One writer commits one message per transaction at a steady rate. A latency runs from the moment at which"
                    + " COMMIT returned to the writer until the read of the subscriber's socket returned, on one clock;"
                    + " the last column counts from the moment at which COMMIT was sent. Service and reader each have a"
                    + " database and a slot, and never get the same commit, because two walsenders that wake up for one"
                    + " commit hold each other up: up to --interleave changes per second they take turns commit by"
                    + " commit, half a period apart, and above it repetition by repetition."
        })
final class LatencyScenario extends ScenarioCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double FAST = 1_000;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,100,1000",
            description = "Changes per second. Default: ${DEFAULT-VALUE}.")
    private double[] rates = {};

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Of every rate. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "At 1,000 changes per second, before anything is measured. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--interleave",
            paramLabel = "N",
            defaultValue = "100",
            description = "Up to this rate the two take turns commit by commit. Default: ${DEFAULT-VALUE}.")
    private double interleave;

    @Option(
            names = "--content",
            paramLabel = "N",
            defaultValue = "200",
            description = "Characters of a message's content. Default: ${DEFAULT-VALUE}.")
    private int content;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("duration", duration)
                .parameter("repetitions", repetitions)
                .parameter("warmUp", warmUp)
                .parameter("contentCharacters", content);
        Lane service = new Lane("service", workbench, workbench.database("service"), content);
        Lane bare = new Lane("bare pgjdbc reader", workbench, workbench.database("bare"), content);
        ServiceProcess process = workbench.service(service.database());
        Subscriber subscriber = workbench.subscriber(process, service.database(), service);
        workbench.bareReader(bare.database(), bare);
        bare.database().awaitReader();

        workbench.say("warming up for %d s", warmUp.toSeconds());
        measure(List.of(service, bare), FAST, warmUp);
        service.forget();
        bare.forget();

        Table table = new Table("changes/s", "", "p50 ms", "p99 ms", "longest ms", "p50 from COMMIT sent, ms");
        for (double rate : rates) {
            int late = 0;
            for (int i = 1; i <= repetitions; i++) {
                workbench.say("%s changes/s, repetition %d of %d", rateText(rate), i, repetitions);
                boolean onTime = rate <= interleave
                        ? measure(List.of(service, bare), rate, duration)
                        : measure(List.of(bare), rate, duration) & measure(List.of(service), rate, duration);
                subscriber.requireConnected();
                late += onTime ? 0 : 1;
            }
            if (late > 0) {
                report.note("the writer fell behind " + rateText(rate) + " changes/s in " + late + " of " + repetitions
                        + " repetitions: the machine is slow or busy");
            }
            tell(report, table, rate, service, bare);
            service.forget();
            bare.forget();
        }
        report.add(table);
    }

    /** Commits at this rate into each of the lanes in turn, and returns whether the writer kept up. */
    private static boolean measure(List<Lane> lanes, double rate, Duration time) throws Exception {
        int each = Math.max(1, (int) Math.round(rate * time.toNanos() / 1e9));
        lanes.forEach(lane -> lane.begin(each));
        long interval = Math.round(1e9 / rate / lanes.size());
        Metronome metronome = new Metronome(interval);
        for (int i = 0; i < each * lanes.size(); i++) {
            metronome.await();
            lanes.get(i % lanes.size()).commit(i / lanes.size());
        }
        for (Lane lane : lanes) {
            lane.end(PATIENCE);
        }
        return metronome.kept();
    }

    private static void tell(Report report, Table table, double rate, Lane service, Lane bare) {
        for (Lane lane : List.of(service, bare)) {
            lane.raw(report, rate);
            table.row(
                    rateText(rate),
                    lane.title(),
                    lane.spread(50).text(2),
                    lane.spread(99).text(2),
                    lane.spread(100).text(2),
                    lane.fromCall(50).text(2));
        }
        Spread p50 = service.difference(bare, 50);
        Spread p99 = service.difference(bare, 99);
        table.row(rateText(rate), "difference", p50.text(2), p99.text(2), "", "");
        report.add(Figure.atMost("p50 over the bare reader at " + rateText(rate) + "/s", p50.median(), 1, "ms"));
        report.add(Figure.atMost("p99 over the bare reader at " + rateText(rate) + "/s", p99.median(), 5, "ms"));
    }

    private static String rateText(double rate) {
        return rate == Math.rint(rate) ? String.format(Locale.ROOT, "%,.0f", rate) : Double.toString(rate);
    }
}
