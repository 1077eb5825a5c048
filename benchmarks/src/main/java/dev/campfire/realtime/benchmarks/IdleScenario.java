package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ComparedReader;
import dev.campfire.realtime.benchmarks.subject.ReaderProcess;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the service costs while nothing happens. */
@Command(
        name = "idle",
        description = {
            "Processor time of the whole service while nothing happens, one subscriber joined, in percent of a core.",
            "",
            "Beside it, at the same time: a bare pgjdbc reader, plain Debezium (poll.interval.ms=10) and the service's"
                    + " capture alone, each a process of its own."
        })
final class IdleScenario extends ScenarioCommand {

    private static final double LIMIT = 4;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "From the start of the processes to the first repetition. Default: ${DEFAULT-VALUE}.")
    private Duration settle = Duration.ZERO;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("duration", duration)
                .parameter("repetitions", repetitions)
                .parameter("settle", settle);
        PublishedDatabase database = workbench.database("service");
        ServiceProcess service = workbench.service(database);
        Subscriber subscriber = workbench.subscriber(service, database, (at, buffer, from, to) -> {});

        IdleProcess watched = new IdleProcess("service", service.pid());
        List<IdleProcess> processes = new ArrayList<>(List.of(watched));
        for (ComparedReader kind : ComparedReader.values()) {
            ReaderProcess reader = workbench.reader(kind, workbench.database(kind.id()));
            processes.add(new IdleProcess(kind.title(), reader.pid()));
        }
        measure(workbench, processes);
        subscriber.requireConnected();

        Table table = new Table("", "% of a core");
        for (IdleProcess process : processes) {
            table.row(process.title(), Spread.of(process.percent()).text(2));
            report.measured("percent of a core", process.title(), process.percent());
        }
        report.add(table);
        report.add(Figure.atMost(
                "idle CPU of the service", Spread.of(watched.percent()).median(), LIMIT, "% of a core"));
    }

    private void measure(Workbench workbench, List<IdleProcess> processes) throws InterruptedException {
        workbench.say("settling for %d s", settle.toSeconds());
        Thread.sleep(settle);
        for (int i = 1; i <= repetitions; i++) {
            workbench.say("idle for %d s, repetition %d of %d", duration.toSeconds(), i, repetitions);
            processes.forEach(IdleProcess::begin);
            Thread.sleep(duration);
            processes.forEach(IdleProcess::end);
        }
    }
}
