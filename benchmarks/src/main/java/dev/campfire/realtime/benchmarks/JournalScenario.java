package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What keeping a journal costs. */
@Command(
        name = "journal",
        description = {
            "What the journal costs: a backlog that waits in the slot reaches one subscriber, once with the journal and once"
                    + " without (CAMPFIRE_JOURNAL=none), each in a process and a database of its own, in turns.",
            ""
        })
final class JournalScenario extends ScenarioCommand {

    private static final double SHARE = 0.9;
    private static final double MICROS = 3;

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
            defaultValue = "5",
            description = "Of each, in turns. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "15",
            description = "Of each at most, until Java hardly compiles any more. Default: ${DEFAULT-VALUE}.")
    private int warmUps;

    @Option(
            names = "--content",
            paramLabel = "N",
            defaultValue = "200",
            description = "Characters of a message's content. Default: ${DEFAULT-VALUE}.")
    private int content;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("changes", changes)
                .parameter("perTransaction", perTransaction)
                .parameter("repetitions", repetitions)
                .parameter("warmUps", warmUps)
                .parameter("contentCharacters", content);
        Drain kept =
                Drain.ofService(workbench, content, "kept", "with the journal", Map.of("SLOT_NAME_SUFFIX", "kept"));
        Drain without =
                Drain.ofService(workbench, content, "without", "without a journal", Map.of("CAMPFIRE_JOURNAL", "none"));
        List<Drain> drains = new ArrayList<>(List.of(kept, without));
        ProcessCpu own = new ProcessCpu(ProcessHandle.current().pid());
        for (Drain drain : drains) {
            boolean isWarm = drain.warmUp(
                    changes, perTransaction, own, warmUps, i -> workbench.say("%s, warm-up %d", drain.title(), i));
            if (!isWarm) {
                report.note(drain.title() + " still compiled after " + warmUps + " warm-ups");
            }
        }
        for (int i = 1; i <= repetitions; i++) {
            for (Drain drain : drains) {
                workbench.say("%s, repetition %d of %d", drain.title(), i, repetitions);
                drain.repeat(changes, perTransaction, own, true);
            }
            Collections.rotate(drains, 1);
        }
        Spread share = kept.shareOf(without);
        Spread cost = Spread.of(IntStream.range(0, repetitions)
                .mapToDouble(i -> kept.cpu()[i] - without.cpu()[i])
                .toArray());
        Table table = new Table("", "changes/s", "CPU µs/change");
        for (Drain drain : List.of(kept, without)) {
            report.measured("changes per second", drain.title(), drain.rates());
            report.measured("CPU microseconds per change", drain.title(), drain.cpu());
            table.row(
                    drain.title(),
                    Spread.of(drain.rates()).text(0),
                    Spread.of(drain.cpu()).text(1));
        }
        report.add(table);
        report.add(Figure.atLeast("rate with the journal as a share of that without", share.median(), SHARE, ""));
        report.add(Figure.atMost("CPU of the journal per change", cost.median(), MICROS, "µs"));
    }
}
