package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.ProcessMemory;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceImage;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How soon the service serves. */
@Command(
        name = "startup",
        description = {
            "From the start of the process to the first event on a socket, as the launcher does the first time, as it does from"
                    + " then on, with a cache of classes that are already linked (JEP 483), and as the image does, with such a"
                    + " cache on a Java that holds only the modules in use.",
            "",
            "A client tries to connect and join every few milliseconds, and messages are committed every few milliseconds"
                    + " from the beginning; the time runs until one of them has reached the client. The slot is there, as"
                    + " it is when a service is started again."
        })
final class StartupScenario extends ScenarioCommand {

    private static final double LIMIT_SECONDS = 1.5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(5);

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("repetitions", repetitions);
        PublishedDatabase database = workbench.database("service");
        Optional<ServiceImage> launcher = workbench.launcher();
        Optional<ServiceImage> image = workbench.image();
        // The slot is made.
        once(workbench, database, () -> workbench.launch(database));
        Table table = new Table("", "seconds to the first event", "CPU seconds", "process MB");
        tell(workbench, report, table, database, "first start", () -> workbench.launch(database));
        if (launcher.isPresent()) {
            ServiceImage known = launcher.get();
            tell(workbench, report, table, database, "launcher", () -> workbench.launch(database, Map.of(), known));
        }
        if (image.isPresent()) {
            ServiceImage known = image.get();
            Spread spread = tell(
                    workbench, report, table, database, "image", () -> workbench.launch(database, Map.of(), known));
            report.add(Figure.atMost("start to the first event, as the image", spread.median(), LIMIT_SECONDS, "s"));
        } else {
            report.note(
                    "no image: this Java has no jlink (see jlink.log), or makes no cache of classes (JDK 25 does both)");
        }
        report.add(table);
    }

    private Spread tell(
            Workbench workbench, Report report, Table table, PublishedDatabase database, String title, Launch launch)
            throws Exception {
        double[] seconds = new double[repetitions];
        double[] cpu = new double[repetitions];
        double[] megabytes = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            workbench.say("%s, repetition %d of %d", title, i + 1, repetitions);
            Start start = once(workbench, database, launch);
            seconds[i] = start.seconds();
            cpu[i] = start.cpu();
            megabytes[i] = start.megabytes();
        }
        report.measured("seconds to the first event", title, seconds);
        report.measured("CPU seconds until then", title, cpu);
        report.measured("MB of the process then", title, megabytes);
        table.row(
                title,
                Spread.of(seconds).text(2),
                Spread.of(cpu).text(2),
                Spread.of(megabytes).text(0));
        return Spread.of(seconds);
    }

    /** Starts the process, and returns at once. */
    private interface Launch {
        ServiceProcess launch() throws Exception;
    }

    private record Start(double seconds, double cpu, double megabytes) {}

    private static Start once(Workbench workbench, PublishedDatabase database, Launch launch) throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        AtomicLong first = new AtomicLong();
        long begun = System.nanoTime();
        try (NumberedMessages messages = new NumberedMessages(database, 200);
                ServiceProcess service = launch.launch();
                Subscriber subscriber = workbench.firstSubscriber(service, database, (at, buffer, from, to) -> {
                    first.compareAndSet(0, at);
                    heard.countDown();
                })) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int i = 0; !heard.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS); i++) {
                messages.insert(i);
                messages.commit();
                subscriber.requireConnected();
                if (System.nanoTime() > deadline) {
                    throw new IOException("no event came: see the service's log");
                }
            }
            return new Start(
                    (first.get() - begun) / 1e9,
                    new ProcessCpu(service.pid()).used().toNanos() / 1e9,
                    new ProcessMemory(service.pid()).resident() / 1024.0);
        }
    }
}
