package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceImage;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long nobody hears anything when the service dies and is started again. */
@Command(
        name = "restart",
        description = {
            "How long it takes from the start of a service that was killed, with a journal and a slot that are there, until a"
                    + " client has joined and got the first live event.",
            ""
        })
final class RestartScenario extends ScenarioCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final double LIMIT = 3_000;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Events in the journal. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("events", events).parameter("repetitions", repetitions);
        PublishedDatabase database = workbench.database("restart");
        NumberedMessages messages = workbench.owned(new NumberedMessages(database, 200));
        Path journal = workbench.scratch().resolve("journal-restart");
        Map<String, String> settings =
                Map.of("CAMPFIRE_JOURNAL", journal.toAbsolutePath().toString());
        ServiceProcess service = workbench.service(database, settings);
        fill(workbench, database, service, messages);
        ServiceImage image = workbench
                .image()
                .orElseThrow(() ->
                        new IOException("this Java makes no image: it has no jlink, or makes no cache of classes"));
        double[] first = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            workbench.say("repetition %d of %d", i + 1, repetitions);
            service.kill();
            long begun = System.nanoTime();
            service = workbench.launch(database, settings, image);
            awaitEvent(workbench, database, service, messages, events + i);
            first[i] = millisSince(begun);
        }
        report.measured("ms until the first live event", "restart", first);
        Table table = new Table("", "ms");
        table.row("until the first live event", Spread.of(first).text(0));
        report.add(table);
        report.add(Figure.atMost(
                "from the start to the first live event", Spread.of(first).median(), LIMIT, "ms"));
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }

    private void fill(
            Workbench workbench, PublishedDatabase database, ServiceProcess service, NumberedMessages messages)
            throws Exception {
        workbench.say("filling the journal");
        CountDownLatch last = new CountDownLatch(1);
        Subscriber subscriber = subscriber(workbench, database, service, events - 1, last);
        for (int from = 0; from < events; from += 1000) {
            messages.commitMany(from, Math.min(events, from + 1000) - 1);
        }
        finish(subscriber, last);
    }

    /** Joins, commits one message, and returns when it has come. */
    private static void awaitEvent(
            Workbench workbench,
            PublishedDatabase database,
            ServiceProcess service,
            NumberedMessages messages,
            int number)
            throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        Subscriber subscriber = subscriber(workbench, database, service, number, come);
        messages.commitMany(number, number);
        finish(subscriber, come);
    }

    private static Subscriber subscriber(
            Workbench workbench, PublishedDatabase database, ServiceProcess service, int number, CountDownLatch come)
            throws Exception {
        return workbench.firstSubscriber(service, database, (at, buffer, from, to) -> {
            if (NumberedMessages.find(buffer, from, to) == number) {
                come.countDown();
            }
        });
    }

    private static void finish(Subscriber subscriber, CountDownLatch come) throws Exception {
        if (!come.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("a committed message has not come in " + PATIENCE);
        }
        subscriber.close();
    }
}
