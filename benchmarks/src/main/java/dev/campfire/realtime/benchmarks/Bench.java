package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.plot.Sheet;
import dev.campfire.realtime.benchmarks.subject.Cores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The program: reads the command line, runs scenarios one after another, prints and keeps what they found. */
@Command(
        name = "bench",
        description = {
            "Measures the service on this machine, each figure beside its comparison from the same run.",
            "",
            "Without a scenario it runs all of them but restart, soak and console with their defaults, which takes the"
                    + " better part of an hour. It needs"
                    + " nothing but Java, a C compiler (cc) for a load that is not the limit, and for @|bold standards|@"
                    + " Node.js with npm: it starts its own Postgres and its own services, on free ports and with data of"
                    + " their own, and stops and deletes all of it, also on Ctrl-C.",
            "",
            "Where there are two processors or more, what is measured gets half of them for itself (taskset), and"
                    + " Postgres and the load share the others. A machine that does other work at the same time spoils"
                    + " the figures: the load average is printed with them."
        },
        footer = {
            "",
            "Every number is the median of its repetitions, followed by [smallest .. largest].",
            "Exit status: 0 all figures reached, 1 one was missed or could not be measured, 2 wrong usage."
        },
        subcommands = {
            LatencyScenario.class,
            IdleScenario.class,
            BacklogScenario.class,
            JournalScenario.class,
            ResumeScenario.class,
            RestartScenario.class,
            SoakScenario.class,
            ChangesScenario.class,
            TopicsScenario.class,
            FanOutScenario.class,
            ChannelsScenario.class,
            ConnectionsScenario.class,
            PresenceScenario.class,
            SlowConsumerScenario.class,
            AllocationScenario.class,
            StartupScenario.class,
            PeersCommand.class,
            RlsScenario.class,
            ApiScenario.class,
            MappingScenario.class,
            TypingScenario.class,
            ConsoleScenario.class,
            MicroScenario.class,
            StandardsScenario.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        scope = ScopeType.INHERIT)
final class Bench implements Callable<Integer> {

    /** The folder of the launcher. */
    private static final Path HOME = Path.of(System.getProperty("campfire.home", "."));

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "${sys:campfire.home:-.}/benchmarks/target/bench",
            description = "Where SCENARIO.json and SCENARIO.svg, the logs and Postgres's data go."
                    + " Default: benchmarks/target/bench in the folder of the launcher.",
            scope = ScopeType.INHERIT)
    private Path out = Path.of("target/bench");

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where the numbers of the one scenario go, instead of SCENARIO.json.",
            scope = ScopeType.INHERIT)
    private @Nullable Path json;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Where its plot goes, instead of SCENARIO.svg.",
            scope = ScopeType.INHERIT)
    private @Nullable Path svg;

    @Option(names = "--no-pin", description = "Let everybody run on all processors.", scope = ScopeType.INHERIT)
    private boolean unpinned;

    @Option(
            names = "--no-fsync",
            description = "Let commits not wait for the disk, for machines with slow ones.",
            scope = ScopeType.INHERIT)
    private boolean withoutFsync;

    @Option(
            names = "--java-options",
            paramLabel = "OPTIONS",
            split = " ",
            defaultValue = "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
                    + " -XX:+UseCompactObjectHeaders -Xms32m -XX:MaxNewSize=64m -XX:MetaspaceSize=64m"
                    + " -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0"
                    + " -XX:Tier2InvokeNotifyFreqLog=14 -XX:Tier2BackedgeNotifyFreqLog=17"
                    + " -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=5 -XX:VMThreadPriority=0"
                    + " -XX:-PrintWarnings -XX:TrimNativeHeapInterval=5000",
            description = "Options of the Java that is measured, for all subjects alike."
                    + " Default: those of the launcher, ${DEFAULT-VALUE}. Where they name no collector, it is the"
                    + " launcher's choice for the processors that there are.",
            scope = ScopeType.INHERIT)
    private List<String> javaOptions = List.of();

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "bench-logback.xml");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench()).registerConverter(Duration.class, new DurationText());
    }

    @Override
    public Integer call() {
        if (json != null || svg != null) {
            throw new ParameterException(
                    new CommandLine(this), "--json and --svg name the files of one scenario: say which, or use --out");
        }
        List<Scenario> all = List.of(
                new LatencyScenario(),
                new IdleScenario(),
                new BacklogScenario(),
                new JournalScenario(),
                new ResumeScenario(),
                new ChangesScenario(),
                new TopicsScenario(),
                new FanOutScenario(),
                new ChannelsScenario(),
                new ConnectionsScenario(),
                new PresenceScenario(),
                new SlowConsumerScenario(),
                new AllocationScenario(),
                new StartupScenario(),
                new RlsScenario(),
                new ApiScenario(),
                new MappingScenario(),
                new TypingScenario(),
                new MicroScenario(),
                new StandardsScenario());
        int worst = 0;
        for (Scenario scenario : all) {
            // Parsing an empty command line is what gives the options their defaults.
            new CommandLine(scenario)
                    .registerConverter(Duration.class, new DurationText())
                    .parseArgs();
            worst = Math.max(worst, run(scenario));
        }
        return worst;
    }

    /** Runs one scenario, prints and keeps its report, and returns the exit status. */
    int run(Scenario scenario) {
        Report report = new Report(scenario.name());
        Workbench workbench = new Workbench(HOME, out.toAbsolutePath(), !withoutFsync, javaOptions);
        try (workbench) {
            Cores cores = workbench.open(!unpinned, scenario.needsPostgres());
            report.parameter("pinned", cores.toString())
                    .parameter("fsync", !withoutFsync)
                    .parameter("javaOptions", String.join(" ", workbench.javaOptions()));
            if (scenario.needsPostgres()) {
                report.parameter("postgres", workbench.server().version());
            }
            scenario.run(workbench, report);
            report.print(System.out);
            Path numbers = json == null ? out.resolve(report.scenario() + ".json") : json;
            Path plot = svg == null ? out.resolve(report.scenario() + ".svg") : svg;
            report.write(numbers);
            Sheet.of(report).write(plot);
            System.out.println("  written: " + numbers.normalize() + ", " + plot.normalize());
            return report.reached() ? 0 : 1;
        } catch (Exception e) {
            if (!workbench.isInterrupted()) {
                System.err.println("Scenario " + scenario.name() + " failed, the logs are in " + out + ":");
                e.printStackTrace();
            }
            return 1;
        }
    }
}
