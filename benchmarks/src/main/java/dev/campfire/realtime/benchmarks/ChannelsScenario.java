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
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.postgres.RoomMessages;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a change costs when there are many channels. */
@Command(
        name = "channels",
        description = {
            "What one change of the database costs when there are ever more channels with one subscriber each.",
            "",
            "The changes are broadcasts of the database, committed a hundred at a time to channels in turns, and each is"
                    + " received once. Ten sockets share the channels, up to ten thousand on each, so that a change takes"
                    + " as many writes however many channels there are. The first repetition only warms up; between two"
                    + " sizes the subscribers are others, the service is the same."
        })
final class ChannelsScenario extends ScenarioCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int SOCKETS = 10;
    private static final int TRANSACTION = 100;
    private static final double FLAT = 1.2;
    private static final String AXIS = "channels";

    @Option(
            names = "--channels",
            split = ",",
            paramLabel = "N",
            defaultValue = "10,100,1000,10000,100000",
            description = "How many there are. Default: ${DEFAULT-VALUE}.")
    private int[] channels = {};

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private int changes;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Changes before anything is measured, to the first number of channels."
                    + " Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("changes", changes).parameter("warmUp", warmUp).parameter("repetitions", repetitions);
        LoadProgram program = workbench.loadProgram();
        PublishedDatabase database = workbench.database("service");
        ServiceProcess service = workbench.service(
                database,
                Map.of("TENANT_MAX_CHANNELS_PER_CLIENT", "100000", "CAMPFIRE_MAX_JOINS_PER_SOCKET", "100000"));
        Table table = new Table(AXIS, "CPU µs/change", "changes/s", "channels joined/s", "load cores");
        double[] costs = new double[channels.length];
        for (int i = 0; i < channels.length; i++) {
            costs[i] = measure(workbench, report, table, program, database, service, channels[i], i == 0);
        }
        report.add(table);
        report.add(Figure.atMost(
                String.format(
                        Locale.ROOT,
                        "cost of a change with %,d channels, as a multiple of the least of all sizes",
                        channels[channels.length - 1]),
                costs[channels.length - 1] / Spread.of(costs).min(),
                FLAT,
                ""));
    }

    private double measure(
            Workbench workbench,
            Report report,
            Table table,
            LoadProgram program,
            PublishedDatabase database,
            ServiceProcess service,
            int count,
            boolean isFirst)
            throws Exception {
        int sockets = Math.min(count, SOCKETS);
        Path topics = workbench.scratch().resolve("topics");
        Files.write(
                topics, IntStream.range(0, count).mapToObj(RoomMessages::topic).toList());
        LoadTarget target = LoadTarget.service(service.port(), workbench.token())
                .with("topics", topics)
                .with("each", (count + sockets - 1) / sockets);
        ProcessCpu cpu = new ProcessCpu(service.pid());
        double[] costs = new double[repetitions];
        double[] rates = new double[repetitions];
        double[] loads = new double[repetitions];
        try (LoadClient load = workbench.load(program, target, "channels");
                RoomMessages messages = new RoomMessages(database, count, 200)) {
            workbench.say("joining %,d channels", count);
            double joins = count / load.connect(sockets).seconds();
            if (isFirst) {
                workbench.say("warming up with %,d changes", warmUp);
                repeat(load, messages, warmUp);
            }
            repeat(load, messages, changes / 5);
            for (int i = 0; i < repetitions; i++) {
                workbench.say("%,d channels, repetition %d of %d", count, i + 1, repetitions);
                Duration before = cpu.used();
                LoadRun run = repeat(load, messages, changes);
                costs[i] = cpu.used().minus(before).toNanos() / 1e3 / changes;
                rates[i] = changes / run.seconds();
                loads[i] = run.cpu();
            }
            report.measuredAt("CPU microseconds per change", AXIS, "service", count, costs);
            report.measuredAt("changes per second", AXIS, "service", count, rates);
            report.measuredAt("channels joined per second", AXIS, "service", count, joins);
            table.row(
                    String.format(Locale.ROOT, "%,d", count),
                    Spread.of(costs).text(1),
                    Spread.of(rates).text(0),
                    String.format(Locale.ROOT, "%,.0f", joins),
                    Spread.of(loads).text(2));
        }
        return Spread.of(costs).median();
    }

    private static LoadRun repeat(LoadClient load, RoomMessages messages, int changes) throws Exception {
        load.expect();
        for (int first = 0; first < changes; first += TRANSACTION) {
            messages.commit(first, Math.min(changes, first + TRANSACTION) - 1L);
        }
        LoadRun run = load.await(changes, PATIENCE);
        if (run.lost() != 0) {
            throw new IllegalStateException(run.lost() + " changes did not arrive");
        }
        return run;
    }
}
