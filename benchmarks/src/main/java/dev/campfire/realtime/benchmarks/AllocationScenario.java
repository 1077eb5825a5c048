package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.load.LoadClient;
import dev.campfire.realtime.benchmarks.load.LoadProgram;
import dev.campfire.realtime.benchmarks.load.LoadRun;
import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.measure.AllocationProfile;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.subject.ManagedJvm;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the server allocates for a message. */
@Command(
        name = "allocation",
        description = {
            "What the server's process allocates on its heap, all threads together, for one message to ever more subscribers of"
                    + " one channel, as the Java virtual machine itself counts it.",
            "",
            "What a message costs once, whoever gets it, is told apart from what each delivery costs: the latter is by how much"
                    + " a message's bytes grow from the smallest to the largest number of subscribers, divided by the"
                    + " subscribers added. Who allocates is then sampled by the Flight Recorder with the largest number."
        })
final class AllocationScenario extends ScenarioCommand {

    private static final double BYTES = 1;
    private static final int SITES = 8;
    private static final String AXIS = "subscribers";

    @Option(
            names = "--subscribers",
            split = ",",
            paramLabel = "N",
            defaultValue = "10,100,1000",
            description = "How many there are, in rising order. Default: ${DEFAULT-VALUE}.")
    private int[] subscribers = {};

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Messages per second. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "3s",
            description = "Of one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("rate", rate).parameter("duration", duration).parameter("repetitions", repetitions);
        LoadProgram program = workbench.loadProgram();
        ServiceProcess service = workbench.service(workbench.database("service"));
        ManagedJvm jvm = workbench.owned(ManagedJvm.attach(service.pid()));
        LoadTarget target = LoadTarget.service(service.port(), workbench.token());
        LoadClient load = workbench.load(program, target, "allocation");
        Table table = new Table(AXIS, "bytes/message", "bytes/delivery", "deliveries/s");
        double[] perMessage = new double[subscribers.length];
        for (int i = 0; i < subscribers.length; i++) {
            load.connect(subscribers[i]);
            workbench.say("%,d subscribers: warming up", subscribers[i]);
            load.closedLoop(20, Duration.ofSeconds(i == 0 ? 8 : 3));
            perMessage[i] = measure(workbench, report, table, load, jvm, subscribers[i]);
        }
        report.add(table);
        int last = subscribers.length - 1;
        double each = last == 0
                ? perMessage[0] / subscribers[0]
                : (perMessage[last] - perMessage[0]) / (subscribers[last] - subscribers[0]);
        report.measured("bytes of one more delivery", "service", each);
        report.add(Figure.atMost("heap bytes that one more subscriber costs a message", each, BYTES, "bytes"));
        profile(workbench, report, load, jvm);
    }

    private double measure(Workbench workbench, Report report, Table table, LoadClient load, ManagedJvm jvm, int count)
            throws Exception {
        double[] perMessage = new double[repetitions];
        double[] perDelivery = new double[repetitions];
        double[] rates = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            workbench.say("%,d subscribers, repetition %d of %d", count, i + 1, repetitions);
            // What the service does besides, such as reading an idle stream, is not the messages'.
            long idleBefore = jvm.allocated();
            long idleSince = System.nanoTime();
            Thread.sleep(duration.dividedBy(2));
            double idle = (double) (jvm.allocated() - idleBefore) / (System.nanoTime() - idleSince);
            long before = jvm.allocated();
            long since = System.nanoTime();
            LoadRun run = load.openLoop(rate, duration);
            double bytes = jvm.allocated() - before - idle * (System.nanoTime() - since);
            perMessage[i] = bytes / run.sent();
            perDelivery[i] = bytes / run.sent() / count;
            rates[i] = run.rate();
        }
        report.measuredAt("heap bytes per message", AXIS, "service", count, perMessage);
        report.measuredAt("heap bytes per delivery", AXIS, "service", count, perDelivery);
        table.row(
                String.format(Locale.ROOT, "%,d", count),
                Spread.of(perMessage).text(0),
                Spread.of(perDelivery).text(2),
                Spread.of(rates).text(0));
        return Spread.of(perMessage).median();
    }

    private void profile(Workbench workbench, Report report, LoadClient load, ManagedJvm jvm) throws Exception {
        workbench.say("recording who allocates");
        Path recording = workbench.out().resolve("allocation.jfr");
        jvm.startRecording();
        // The recording's own beginning is not the messages'.
        Thread.sleep(1_000);
        Instant since = Instant.now();
        load.openLoop(rate, duration.multipliedBy(2));
        jvm.stopRecording(recording);
        Table table = new Table("allocated by, with the most subscribers", "what", "share");
        for (AllocationProfile.Site site :
                AllocationProfile.read(recording, since).greatest(SITES)) {
            table.row(site.place(), site.type(), String.format(Locale.ROOT, "%.0f %%", site.share() * 100));
        }
        report.add(table);
    }
}
