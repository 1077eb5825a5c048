package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.capture.DecodeBenchmark;
import dev.campfire.realtime.channel.PublishBenchmark;
import dev.campfire.realtime.journal.AppendBenchmark;
import dev.campfire.realtime.mapping.MapBenchmark;
import dev.campfire.realtime.phoenix.EncodeBenchmark;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The steps of the hot path one by one, by JMH. */
@Command(
        name = "micro",
        description = {
            "The steps of the hot path one by one, by JMH: decoding a change, mapping it to events, encoding an event as a"
                    + " frame, appending to the journal, publishing to 1 and to 1,000 subscribers. Nanoseconds and"
                    + " allocated bytes of one operation, in a Java of its own.",
            ""
        })
final class MicroScenario extends ScenarioCommand {

    private static final List<Class<?>> STEPS = List.of(
            DecodeBenchmark.class,
            MapBenchmark.class,
            EncodeBenchmark.class,
            AppendBenchmark.class,
            PublishBenchmark.class);

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Option(
            names = "--steps",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "decode,map,encode,append,publish",
            description = "Which of them. Default: ${DEFAULT-VALUE}.")
    private List<String> steps = List.of();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "Of one repetition, and of one that warms up. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "5",
            description = "Repetitions before those that count. Default: ${DEFAULT-VALUE}.")
    private int warmUps;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public boolean needsPostgres() {
        return false;
    }

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("steps", String.join(",", steps))
                .parameter("duration", duration)
                .parameter("warmUps", warmUps)
                .parameter("repetitions", repetitions);
        workbench.say(
                "each takes about %d s",
                duration.multipliedBy(warmUps + repetitions).toSeconds() + 1);
        Table table = new Table("", "ns", "allocated bytes");
        for (RunResult result : new Runner(options(workbench).build()).run()) {
            String title = title(result);
            double[] nanos = scores(result, false);
            double[] bytes = scores(result, true);
            report.measured("nanoseconds of one operation", title, nanos);
            report.measured("allocated bytes of one operation", title, bytes);
            table.row(title, Spread.of(nanos).text(0), Spread.of(bytes).text(0));
        }
        report.add(table);
    }

    private ChainedOptionsBuilder options(Workbench workbench) {
        TimeValue time = TimeValue.milliseconds(duration.toMillis());
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(warmUps)
                .warmupTime(time)
                .measurementIterations(repetitions)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                // Instead of this process's own, which would be inherited.
                .jvmArgs(workbench.javaOptions().toArray(String[]::new))
                .jvmArgsAppend("-Dlogback.configurationFile=bench-logback.xml");
        for (String step : steps) {
            Class<?> benchmark = STEPS.stream()
                    .filter(one -> one.getSimpleName().toLowerCase(Locale.ROOT).equals(step + "benchmark"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no step is called " + step));
            options.include("^" + benchmark.getName().replace(".", "\\.") + "\\.");
        }
        return options;
    }

    /** Such as {@code Publish.publish, subscribers 1000}. */
    private static String title(RunResult result) {
        String name = result.getParams().getBenchmark();
        StringBuilder title = new StringBuilder(name.substring(name.lastIndexOf('.') + 1));
        Map<String, String> parameters = new TreeMap<>();
        for (String key : result.getParams().getParamsKeys()) {
            parameters.put(key, result.getParams().getParam(key));
        }
        parameters.forEach(
                (key, value) -> title.append(", ").append(key).append(' ').append(value));
        return title.toString();
    }

    /** By repetition: the allocated bytes, or else the time. */
    private static double[] scores(RunResult result, boolean ofAllocation) {
        return result.getBenchmarkResults().stream()
                .map(BenchmarkResult::getIterationResults)
                .flatMap(iterations -> iterations.stream())
                .map(iteration ->
                        ofAllocation ? iteration.getSecondaryResults().get(ALLOCATED) : iteration.getPrimaryResult())
                .filter(Objects::nonNull)
                .mapToDouble(Result::getScore)
                .toArray();
    }
}
