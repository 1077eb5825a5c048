package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.load.LoadClient;
import dev.campfire.realtime.benchmarks.load.LoadProgram;
import dev.campfire.realtime.benchmarks.load.LoadRun;
import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.ProcessMemory;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What those who do not read cost those who do. */
@Command(
        name = "slow",
        description = {
            "Subscribers who stop reading among others who do not: how long messages take to those who read, before and after.",
            "",
            "The service has to hold what it can't send, up to CAMPFIRE_OUTBOUND_LIMIT for each, and ends such a socket then."
        })
final class SlowConsumerScenario extends ScenarioCommand {

    private static final double SLOWED = 1.5;
    private static final String AXIS = "subscribers who do not read";

    @Option(
            names = "--subscribers",
            paramLabel = "N",
            defaultValue = "1000",
            description = "All of them. Default: ${DEFAULT-VALUE}.")
    private int subscribers;

    @Option(
            names = "--slow",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,10,50",
            description = "Those who do not read. Default: ${DEFAULT-VALUE}.")
    private int[] slow = {};

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Deliveries per second. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "4s",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("subscribers", subscribers)
                .parameter("rate", rate)
                .parameter("duration", duration)
                .parameter("repetitions", repetitions);
        LoadProgram program = workbench.loadProgram();
        ServiceProcess service = workbench.service(workbench.database("service"));
        ProcessMemory memory = new ProcessMemory(service.pid());
        Table table = new Table(AXIS, "p50 ms", "p99 ms", "longest ms", "lost", "process MB");
        LoadTarget target = LoadTarget.service(service.port(), workbench.token());
        try (LoadClient load = workbench.load(program, target, "slow")) {
            load.connect(subscribers);
            workbench.say("warming up");
            load.closedLoop(20, Duration.ofSeconds(5));
            double calm = measure(workbench, report, table, load, memory, 0);
            double worst = 0;
            for (int count : slow) {
                load.stall(count);
                worst = Math.max(worst, measure(workbench, report, table, load, memory, count));
            }
            report.add(table);
            report.add(Figure.atMost(
                    "p99 of those who read while others do not, as a multiple", worst / calm, SLOWED, ""));
        }
    }

    private double measure(
            Workbench workbench, Report report, Table table, LoadClient load, ProcessMemory memory, int count)
            throws Exception {
        double[] median = new double[repetitions];
        double[] tail = new double[repetitions];
        double[] longest = new double[repetitions];
        long lost = 0;
        for (int i = 0; i < repetitions; i++) {
            workbench.say("%d do not read, repetition %d of %d", count, i + 1, repetitions);
            LoadRun run = load.openLoop(rate / subscribers, duration);
            median[i] = run.p50();
            tail[i] = run.p99();
            longest[i] = run.max();
            lost += run.lost();
        }
        report.measuredAt("ms of a message to those who read", AXIS, "p50", count, median);
        report.measuredAt("ms of a message to those who read", AXIS, "p99", count, tail);
        table.row(
                Integer.toString(count),
                Spread.of(median).text(2),
                Spread.of(tail).text(2),
                Spread.of(longest).text(2),
                Long.toString(lost),
                String.format(Locale.ROOT, "%,d", memory.resident() / 1024));
        return Spread.of(tail).median();
    }
}
