package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Messages that are posted, and whether all of them arrive. */
@Command(
        name = "api",
        description = {
            "Messages posted to the API at a steady rate by an agent of the organisation, over several connections, and"
                    + " received on the channels of their conversations; without idempotency keys and with one each.",
            "",
            "Every message has its moment. Its times run from that moment until its answer, and until a subscriber's"
                    + " read of it, on one clock: what waits because the service is slow counts as slow."
        })
final class ApiScenario extends ScenarioCommand {

    /** A rate is reached when no more is missing than a clock's grain. */
    private static final double REACHED = 0.99;

    /** Rounds: the compiler shares the core with what it compiles, and is busy for a minute and more. */
    private static final int WARMING_UP = 3;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Messages per second. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--conversations",
            paramLabel = "N",
            defaultValue = "5",
            description = "Written to in turns, each with a subscriber. Default: ${DEFAULT-VALUE}.")
    private int conversations;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Over which they are posted. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Of each. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Option(
            names = "--content",
            paramLabel = "N",
            defaultValue = "200",
            description = "Characters of a message's content. Default: ${DEFAULT-VALUE}.")
    private int content;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("rate", rate)
                .parameter("conversations", conversations)
                .parameter("connections", connections)
                .parameter("duration", duration)
                .parameter("repetitions", repetitions)
                .parameter("contentCharacters", content);
        PublishedDatabase database = workbench.database("service");
        ServiceProcess service = workbench.service(database);
        PostedMessages messages =
                workbench.owned(new PostedMessages(database, service, conversations, connections, content));
        ProcessCpu cpu = new ProcessCpu(service.pid());
        Lane without = new Lane("without keys", false);
        Lane with = new Lane("with keys", true);
        for (int i = 1 - WARMING_UP; i <= repetitions; i++) {
            for (Lane lane : i % 2 == 0 ? List.of(without, with) : List.of(with, without)) {
                workbench.say("%s, %s", lane.title, i < 1 ? "warming up" : "repetition " + i + " of " + repetitions);
                Duration before = cpu.used();
                PostedMessages.Result result = messages.post(rate, duration, lane.withKeys);
                Duration used = cpu.used().minus(before);
                if (i > 0) {
                    lane.results.add(result);
                    lane.cpu.add(used.toNanos() / 1e3 / result.sent());
                }
            }
        }
        Table table = new Table(
                "",
                "messages/s",
                "received",
                "answer p50 ms",
                "answer p99 ms",
                "arrival p50 ms",
                "arrival p99 ms",
                "CPU µs");
        for (Lane lane : List.of(without, with)) {
            lane.tell(report, table);
        }
        report.add(table);
    }

    private final class Lane {
        final String title;
        final boolean withKeys;
        final List<PostedMessages.Result> results = new ArrayList<>();
        final List<Double> cpu = new ArrayList<>();

        Lane(String title, boolean withKeys) {
            this.title = title;
            this.withKeys = withKeys;
        }

        void tell(Report report, Table table) {
            int sent = results.stream().mapToInt(PostedMessages.Result::sent).sum();
            int received =
                    results.stream().mapToInt(PostedMessages.Result::received).sum();
            int wrong = results.stream()
                    .mapToInt(result -> result.refused() + result.repeated())
                    .sum();
            table.row(
                    title,
                    spread(report, "messages per second", PostedMessages.Result::rate, 0),
                    String.format(Locale.ROOT, "%,d of %,d", received, sent),
                    spread(report, "answer p50 ms", result -> result.answers().median(), 2),
                    spread(report, "answer p99 ms", result -> result.answers().percentile(99), 2),
                    spread(report, "arrival p50 ms", result -> result.arrivals().median(), 2),
                    spread(report, "arrival p99 ms", result -> result.arrivals().percentile(99), 2),
                    Spread.of(cpu.stream().mapToDouble(Double::doubleValue).toArray())
                            .text(0));
            report.add(Figure.atLeast(
                    "messages/s, " + title,
                    Spread.of(values(PostedMessages.Result::rate)).median(),
                    rate * REACHED,
                    ""));
            report.add(Figure.atMost("messages lost, " + title, sent - received, 0, ""));
            report.add(Figure.atMost("messages refused or received twice, " + title, wrong, 0, ""));
        }

        private double[] values(ToDoubleFunction<PostedMessages.Result> value) {
            return results.stream().mapToDouble(value).toArray();
        }

        private String spread(Report report, String what, ToDoubleFunction<PostedMessages.Result> value, int decimals) {
            report.measured(what, title, values(value));
            return Spread.of(values(value)).text(decimals);
        }
    }
}
