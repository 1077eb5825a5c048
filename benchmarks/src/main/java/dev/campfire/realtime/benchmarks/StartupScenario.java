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
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How soon the service serves. */
@Command(
        name = "startup",
        description = {
            "From the start of the process to the first event on a socket, as the launcher does the first time, and as the image"
                    + " and the launcher do from then on: with a cache of classes that are already linked (JEP 483).",
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
        List<String> linked = workbench.linkedClasses();
        // The slot is made.
        once(workbench, database, List.of());
        Table table = new Table("", "seconds to the first event", "CPU seconds", "process MB");
        tell(workbench, report, table, database, "first start", List.of());
        if (!linked.isEmpty()) {
            Spread image = tell(workbench, report, table, database, "image", linked);
            report.add(Figure.atMost("start to the first event, as the image", image.median(), LIMIT_SECONDS, "s"));
        } else {
            report.note("this Java made no cache of classes (JDK 25 does): only the start without one was measured");
        }
        report.add(table);
    }

    private Spread tell(
            Workbench workbench,
            Report report,
            Table table,
            PublishedDatabase database,
            String title,
            List<String> options)
            throws Exception {
        double[] seconds = new double[repetitions];
        double[] cpu = new double[repetitions];
        double[] megabytes = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            workbench.say("%s, repetition %d of %d", title, i + 1, repetitions);
            Start start = once(workbench, database, options);
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

    private record Start(double seconds, double cpu, double megabytes) {}

    private static Start once(Workbench workbench, PublishedDatabase database, List<String> options) throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        AtomicLong first = new AtomicLong();
        long begun = System.nanoTime();
        try (NumberedMessages messages = new NumberedMessages(database, 200);
                ServiceProcess service = workbench.launch(database, options);
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
