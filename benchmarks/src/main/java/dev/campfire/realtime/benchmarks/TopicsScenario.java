package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.DevelopmentToken;
import dev.campfire.realtime.benchmarks.client.TopicFleet;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Latencies;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long broadcasts take to many subscribers of many topics, at a steady rate. */
@Command(
        name = "topics",
        description = {
            "How long a broadcast takes from one client to the subscribers of its topic, with many topics at a steady"
                    + " rate of deliveries. Every subscriber has a socket of its own; sender and subscribers share one"
                    + " thread, whose own time is in the latencies.",
            "",
            "The first repetition only warms the service up."
        })
final class TopicsScenario extends ScenarioCommand {

    private static final double P99_MILLIS = 15;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(
            names = "--topics",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many there are. Default: ${DEFAULT-VALUE}.")
    private int topics;

    @Option(
            names = "--subscribers",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many each of them has. Default: ${DEFAULT-VALUE}.")
    private int subscribers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Deliveries per second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long a repetition takes. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many there are. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("topics", topics)
                .parameter("subscribers", subscribers)
                .parameter("rate", rate)
                .parameter("seconds", seconds)
                .parameter("repetitions", repetitions);
        ServiceProcess service = workbench.service(workbench.database("service"));
        ProcessCpu cpu = new ProcessCpu(service.pid());
        workbench.say("joining %,d topics with %,d subscribers each", topics, subscribers);
        double[] medians = new double[repetitions];
        double[] tails = new double[repetitions];
        double[] loads = new double[repetitions];
        long before = System.nanoTime();
        Duration used = cpu.used();
        String token = new DevelopmentToken(InstantSource.system()).anon();
        try (TopicFleet fleet = TopicFleet.join(service.port(), token, topics, subscribers, PATIENCE)) {
            int joins = topics * (subscribers + 1);
            double joinCpu = cpu.used().minus(used).toNanos() / 1e6 / joins;
            double joinsPerSecond = joins / ((System.nanoTime() - before) / 1e9);
            for (int i = 0; i <= repetitions; i++) {
                workbench.say(i == 0 ? "warming up" : "repetition " + i + " of " + repetitions);
                Duration start = cpu.used();
                Latencies latencies = repeat(fleet);
                if (i > 0) {
                    medians[i - 1] = latencies.median();
                    tails[i - 1] = latencies.percentile(99);
                    loads[i - 1] = cpu.used().minus(start).toNanos() / 1e9 / seconds * 100;
                }
            }
            report.add(Figure.atMost("p99 of all deliveries", Spread.of(tails).median(), P99_MILLIS, "ms"));
            report.add(Figure.atMost("server CPU per connection and join", joinCpu, 1, "ms"));
            report.measured("joins per second", "service", joinsPerSecond);
        }
        report.measured("p50 ms", "service", medians);
        report.measured("p99 ms", "service", tails);
        report.add(new Table("deliveries/s", "p50 ms", "p99 ms", "server CPU % of a core")
                .row(
                        String.format("%,d", rate),
                        Spread.of(medians).text(2),
                        Spread.of(tails).text(2),
                        Spread.of(loads).text(0)));
    }

    private Latencies repeat(TopicFleet fleet) throws InterruptedException {
        int perSecond = rate / subscribers;
        Metronome metronome = new Metronome(1_000_000_000L / perSecond);
        long expected = fleet.received() + (long) perSecond * seconds * subscribers;
        fleet.measure();
        for (int i = 0; i < perSecond * seconds; i++) {
            metronome.await();
            fleet.broadcast(i);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (fleet.received() < expected) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(expected - fleet.received() + " messages did not come");
            }
            Thread.sleep(10);
        }
        return new Latencies(fleet.latencies());
    }
}
