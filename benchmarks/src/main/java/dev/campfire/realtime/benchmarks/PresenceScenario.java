package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.load.LoadClient;
import dev.campfire.realtime.benchmarks.load.LoadProgram;
import dev.campfire.realtime.benchmarks.load.LoadRun;
import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many members who all see each other. */
@Command(
        name = "presence",
        description = {
            "Members of one channel who all see each other: how long it takes until everybody has been told of everybody when"
                    + " they all track at once, and then how long one member's new state takes to all others while they"
                    + " change theirs one after another. What changes within 20 ms is told together, which is in the latencies.",
            ""
        })
final class PresenceScenario extends ScenarioCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String CONFIG = "{\"presence\":{\"enabled\":true,\"key\":\"\"}}";
    private static final String AXIS = "members";
    private static final double P99_MILLIS = 100;

    @Option(
            names = "--members",
            split = ",",
            paramLabel = "N",
            defaultValue = "10,100,1000",
            description = "How many there are. Default: ${DEFAULT-VALUE}.")
    private int[] members = {};

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20",
            description = "Members per second who change their state. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("rate", rate).parameter("duration", duration).parameter("repetitions", repetitions);
        LoadProgram program = workbench.loadProgram();
        // A few members change their state more often than a client usually may.
        ServiceProcess service = workbench.service(
                workbench.database("service"),
                Map.of("CLIENT_PRESENCE_MAX_CALLS", "100000", "CAMPFIRE_MAX_PRESENCE_EVENTS_PER_SECOND", "100000"));
        ProcessCpu cpu = new ProcessCpu(service.pid());
        LoadTarget target =
                LoadTarget.service(service.port(), workbench.token()).with("config", CONFIG);
        Table table = new Table(
                AXIS, "all told of all, ms", "one change, p50 ms", "p99 ms", "server cores", "load cores", "lost");
        double p99 = Double.NaN;
        for (int count : members) {
            double[] all = new double[repetitions];
            double[] median = new double[repetitions];
            double[] tail = new double[repetitions];
            double[] cores = new double[repetitions];
            double[] loads = new double[repetitions];
            long lost = 0;
            for (int i = -1; i < repetitions; i++) {
                workbench.say("%,d members, %s", count, i < 0 ? "warming up" : "repetition " + (i + 1));
                try (LoadClient load = workbench.load(program, target, "presence")) {
                    load.connect(count);
                    LoadRun tracked = load.track(PATIENCE);
                    Duration before = cpu.used();
                    LoadRun run = load.hop(rate, duration);
                    if (i >= 0) {
                        all[i] = tracked.seconds() * 1e3;
                        median[i] = run.p50();
                        tail[i] = run.p99();
                        cores[i] = cpu.used().minus(before).toNanos() / 1e9 / run.seconds();
                        loads[i] = run.cpu();
                        lost += tracked.lost() + run.lost();
                    }
                }
            }
            report.measuredAt("ms until all are told of all", AXIS, "service", count, all);
            report.measuredAt("ms of one change", AXIS, "p50", count, median);
            report.measuredAt("ms of one change", AXIS, "p99", count, tail);
            report.measuredAt("cores of the server", AXIS, "service", count, cores);
            table.row(
                    String.format(Locale.ROOT, "%,d", count),
                    Spread.of(all).text(0),
                    Spread.of(median).text(2),
                    Spread.of(tail).text(2),
                    Spread.of(cores).text(2),
                    Spread.of(loads).text(2),
                    Long.toString(lost));
            p99 = Spread.of(tail).median();
        }
        report.add(table);
        report.add(Figure.atMost(
                String.format(Locale.ROOT, "p99 of one change among %,d members", members[members.length - 1]),
                p99,
                P99_MILLIS,
                "ms"));
    }
}
