package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.DebianServer;
import dev.campfire.realtime.benchmarks.postgres.Walrus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What row-level security costs with many users who are each judged for themselves. */
@Command(
        name = "rls",
        description = {
            "How many changes per second are judged by the policy of messages (messages_bidirectional_access) for many"
                    + " users, of whom some are members of the organisation and get them.",
            "",
            "Steady: every change is a transaction, and every answer is known from the one before. Cold: a membership"
                    + " changes before each transaction, so that Postgres is asked about everybody again; the next"
                    + " transaction is committed when the one before has been received. Removal: from the return of the"
                    + " commit that suspends a member to the last message that member gets, while messages are written"
                    + " all the time.",
            "",
            "Beside it walrus, the SQL by which Supabase judges, where it and a Postgres with wal2json are there: see"
                    + " bench peers. Its Postgres has the processor that the service had."
        })
final class RlsScenario extends ScenarioCommand {

    private static final double STEADY = 2000;
    private static final double COLD = 60;
    private static final double COLD_BATCH = 2000;
    private static final double REMOVAL_MILLIS = 100;

    @Option(
            names = "--subscribers",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many users subscribe. Default: ${DEFAULT-VALUE}.")
    private int subscribers;

    @Option(
            names = "--members",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many of them are members. Default: ${DEFAULT-VALUE}.")
    private int members;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "20000",
            description = "How many are judged in steady state. Default: ${DEFAULT-VALUE}.")
    private int changes;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Changes of one transaction, where they come in batches. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "5",
            description = "Of each. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("subscribers", subscribers)
                .parameter("members", members)
                .parameter("changes", changes)
                .parameter("batch", batch)
                .parameter("repetitions", repetitions);
        JudgedMembers judged = new JudgedMembers(workbench, subscribers, members);
        List<Double> steady = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        List<Double> questions = new ArrayList<>();
        List<Double> cold = new ArrayList<>();
        List<Double> coldBatch = new ArrayList<>();
        List<Double> removal = new ArrayList<>();
        for (int i = 0; i <= repetitions; i++) {
            workbench.say("%s", i == 0 ? "warming up" : "repetition " + i + " of " + repetitions);
            boolean counts = i > 0;
            judged.drain(changes, (rate, ofService, ofQuestions) -> {
                if (counts) {
                    steady.add(rate);
                    cpu.add(ofService);
                    questions.add(ofQuestions);
                }
            });
            double one = judged.cold(1, 60);
            double many = judged.cold(batch, 20);
            double last = judged.remove(i % members);
            if (counts) {
                cold.add(one);
                coldBatch.add(many);
                removal.add(last);
            }
        }
        add(report, "changes/s judged, steady", steady, STEADY, false, "");
        add(
                report,
                "database CPU per change, steady (the refresh every two seconds is in it)",
                questions,
                5,
                true,
                "µs");
        add(report, "changes/s judged, cold, one per transaction", cold, COLD, false, "");
        add(report, "changes/s judged, cold, " + batch + " per transaction", coldBatch, COLD_BATCH, false, "");
        add(report, "last message after the removal of a member", removal, REMOVAL_MILLIS, true, "ms");
        Table table = new Table("", "median");
        table.row("service CPU µs/change, steady", Spread.of(doubles(cpu)).text(1));
        report.add(table);
        judged.end();
        walrus(
                workbench,
                report,
                Spread.of(doubles(cold)).median(),
                Spread.of(doubles(coldBatch)).median());
    }

    /** The comparison, which knows no steady state: it asks each time. */
    private void walrus(Workbench workbench, Report report, double one, double many) throws Exception {
        Optional<Path> postgres = DebianServer.installedWith(Walrus.PLUGIN);
        Optional<Path> sql = Walrus.sql();
        if (postgres.isEmpty() || sql.isEmpty()) {
            report.note("walrus is not measured beside this: " + Walrus.INSTALLATION);
            return;
        }
        workbench.say("starting Postgres with walrus");
        WalrusMembers peer =
                new WalrusMembers(workbench, workbench.databaseWith(postgres.get()), sql.get(), subscribers, members);
        peer.judged(1, 5);
        double[] single = new double[repetitions];
        double[] inBatches = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            workbench.say("walrus, repetition %d of %d", i + 1, repetitions);
            single[i] = peer.judged(1, 10);
            inBatches[i] = peer.judged(batch, 1);
        }
        report.measured("changes/s judged, one per transaction", "walrus", single);
        report.measured("changes/s judged, " + batch + " per transaction", "walrus", inBatches);
        Table table = new Table("", "walrus changes/s", "times that of walrus, cold");
        table.row("one per transaction", Spread.of(single).text(1), times(one, single));
        table.row(batch + " per transaction", Spread.of(inBatches).text(1), times(many, inBatches));
        report.add(table);
    }

    private static String times(double service, double[] walrus) {
        return String.format(Locale.ROOT, "%.1f", service / Spread.of(walrus).median());
    }

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void add(
            Report report, String name, List<Double> values, double limit, boolean isCeiling, String unit) {
        report.measured(name, "service", doubles(values));
        double median = Spread.of(doubles(values)).median();
        report.add(isCeiling ? Figure.atMost(name, median, limit, unit) : Figure.atLeast(name, median, limit, unit));
    }
}
