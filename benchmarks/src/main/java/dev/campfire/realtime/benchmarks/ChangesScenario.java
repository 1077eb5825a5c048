package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a change costs when many have subscribed to its table with other filters. */
@Command(
        name = "changes",
        description = {
            "How fast changes of a table reach postgres_changes subscriptions that have an eq filter each, beside"
                    + " another table that has few of them. Every change matches one subscription.",
            "",
            "Both tables are read by the same service. Before a repetition its walsender is stopped (SIGSTOP) and the"
                    + " changes of one table are committed; then it goes on, and the time runs until the last change has"
                    + " been received. The first repetition of each only warms it up. The many join first, and what"
                    + " their joins cost has the warming up of a process that has just started in it."
        })
final class ChangesScenario extends ScenarioCommand {

    private static final double SHARE_OF_FEW = 0.8;
    private static final double JOIN_MILLIS = 1;

    @Option(
            names = "--subscriptions",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many there are. Default: ${DEFAULT-VALUE}.")
    private int subscriptions;

    @Option(
            names = "--few",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many the others have. Default: ${DEFAULT-VALUE}.")
    private int few;

    @Option(
            names = "--sockets",
            paramLabel = "N",
            defaultValue = "10",
            description = "Over how many connections they are spread. Default: ${DEFAULT-VALUE}.")
    private int sockets;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "100000",
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

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("subscriptions", subscriptions)
                .parameter("few", few)
                .parameter("sockets", sockets)
                .parameter("changes", changes)
                .parameter("perTransaction", perTransaction)
                .parameter("repetitions", repetitions);
        PublishedDatabase database = workbench.database("service");
        ServiceProcess service = workbench.service(database);
        FilteredDrain many = new FilteredDrain(workbench, service, database, subscriptions, sockets);
        FilteredDrain others = new FilteredDrain(workbench, service, database, few, sockets);
        List<FilteredDrain> drains = List.of(many, others);
        for (int i = 0; i <= repetitions; i++) {
            for (FilteredDrain drain : i % 2 == 0 ? drains : drains.reversed()) {
                workbench.say(
                        "%,d subscriptions, %s",
                        drain.subscriptions(), i == 0 ? "warming up" : "repetition " + i + " of " + repetitions);
                drain.repeat(changes, perTransaction, i > 0);
            }
        }
        judge(report, many, others);
        report.add(table(report, drains));
    }

    private static void judge(Report report, FilteredDrain many, FilteredDrain few) {
        double ratio = Spread.of(many.rates()).median() / Spread.of(few.rates()).median();
        report.add(Figure.atLeast(
                String.format(
                        Locale.ROOT,
                        "changes/s with %,d filtered subscriptions as a share of those with %,d",
                        many.subscriptions(),
                        few.subscriptions()),
                ratio,
                SHARE_OF_FEW,
                ""));
        report.add(Figure.atMost("server CPU per filtered join", many.joinCpuMillis(), JOIN_MILLIS, "ms"));
    }

    private static Table table(Report report, List<FilteredDrain> drains) {
        Table table = new Table("subscriptions", "changes/s", "CPU µs/change", "joins/s");
        for (FilteredDrain drain : drains) {
            String title = String.format(Locale.ROOT, "%,d", drain.subscriptions());
            report.measured("changes per second", title, drain.rates());
            report.measured("CPU microseconds per change", title, drain.cpu());
            report.measured("joins per second", title, drain.joinsPerSecond());
            table.row(
                    title,
                    Spread.of(drain.rates()).text(0),
                    Spread.of(drain.cpu()).text(1),
                    String.format(Locale.ROOT, "%,.0f", drain.joinsPerSecond()));
        }
        return table;
    }
}
