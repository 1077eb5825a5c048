package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.subject.ComparedReader;
import dev.campfire.realtime.benchmarks.subject.PgRecvLogical;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast a backlog reaches one subscriber, beside others who only read it. */
@Command(
        name = "backlog",
        description = {
            "How fast committed changes that wait in the slot reach one subscriber, beside plain Debezium with a handler"
                    + " that does nothing, the service's capture alone, a bare pgjdbc reader, and pg_recvlogical where it is"
                    + " installed.",
            "",
            "Each has a process, a database and a slot of its own, and all run throughout. Before a repetition its"
                    + " walsender is stopped (SIGSTOP) and the changes are committed; then it goes on, and the time runs"
                    + " until the last change has been received. The first backlog of each only warms it up."
        })
final class BacklogScenario extends ScenarioCommand {

    private static final double SHARE_OF_DEBEZIUM = 0.9;
    private static final double CHANGES_PER_SECOND = 40_000;
    private static final double BUSY_CLIENT = 80;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "200000",
            description = "How many wait. Default: ${DEFAULT-VALUE}.")
    private int changes;

    @Option(
            names = "--per-transaction",
            paramLabel = "N",
            defaultValue = "100",
            description = "Changes of one transaction. Default: ${DEFAULT-VALUE}.")
    private int perTransaction;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Of each, in turns. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--content",
            paramLabel = "N",
            defaultValue = "200",
            description = "Characters of a message's content. Default: ${DEFAULT-VALUE}.")
    private int content;

    @Option(names = "--no-service", description = "Measure only what the service is compared with.")
    private boolean withoutService;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("changes", changes)
                .parameter("perTransaction", perTransaction)
                .parameter("repetitions", repetitions)
                .parameter("contentCharacters", content);
        Drain debezium = Drain.of(ComparedReader.DEBEZIUM, workbench, content);
        List<Drain> drains = new ArrayList<>(List.of(
                debezium,
                Drain.of(ComparedReader.CAPTURE, workbench, content),
                Drain.of(ComparedReader.BARE, workbench, content)));
        Optional<PgRecvLogical> program = workbench.recvLogical();
        Optional<RecvLogicalDrain> limit = Optional.empty();
        if (program.isPresent()) {
            report.parameter("pg_recvlogical", program.get().version());
            limit = Optional.of(new RecvLogicalDrain(program.get(), workbench, content));
        } else {
            report.note("pg_recvlogical is not installed (Debian: postgresql-client)");
        }
        if (withoutService) {
            repeat(workbench, drains, limit);
        } else {
            Drain service = Drain.ofService(workbench, content);
            drains.addFirst(service);
            repeat(workbench, drains, limit);
            judge(report, service, debezium);
        }
        report.add(table(report, drains, debezium, limit));
    }

    private void repeat(Workbench workbench, List<Drain> drains, Optional<RecvLogicalDrain> limit) throws Exception {
        ProcessCpu own = new ProcessCpu(ProcessHandle.current().pid());
        for (int i = 0; i <= repetitions; i++) {
            for (Drain drain : drains) {
                workbench.say(
                        "%s, %s", drain.title(), i == 0 ? "warming up" : "repetition " + i + " of " + repetitions);
                drain.repeat(changes, perTransaction, own, i > 0);
            }
            if (limit.isPresent() && i > 0) {
                workbench.say("%s, repetition %d of %d", limit.get().title(), i, repetitions);
                limit.get().repeat(changes, perTransaction);
            }
            // Nobody always comes first after the others' garbage.
            Collections.rotate(drains, 1);
        }
    }

    private static void judge(Report report, Drain service, Drain debezium) {
        report.add(Figure.atLeast(
                "drain rate of the service as a share of plain Debezium's",
                service.shareOf(debezium).median(),
                SHARE_OF_DEBEZIUM,
                ""));
        report.add(Figure.atLeast(
                "changes per second from the slot to the socket, journaled",
                Spread.of(service.rates()).median(),
                CHANGES_PER_SECOND,
                ""));
        if (Spread.of(service.clientCpu()).max() > BUSY_CLIENT) {
            report.note("the measuring client used most of a core: it may be what limits the service");
        }
    }

    private static Table table(Report report, List<Drain> drains, Drain debezium, Optional<RecvLogicalDrain> limit) {
        Table table = new Table("", "changes/s", "of Debezium's", "CPU µs/change", "client CPU, % of a core");
        drains.stream()
                .sorted(Comparator.comparingDouble(
                        drain -> Spread.of(drain.rates()).median()))
                .forEach(drain -> {
                    report.measured("changes per second", drain.title(), drain.rates());
                    report.measured("CPU microseconds per change", drain.title(), drain.cpu());
                    table.row(
                            drain.title(),
                            Spread.of(drain.rates()).text(0),
                            drain.shareOf(debezium).text(2),
                            Spread.of(drain.cpu()).text(1),
                            Spread.of(drain.clientCpu()).text(0));
                });
        limit.ifPresent(drain -> {
            report.measured("changes per second", drain.title(), drain.rates());
            table.row(drain.title(), Spread.of(drain.rates()).text(0), "", "", "");
        });
        return table;
    }
}
