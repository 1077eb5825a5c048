package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.Receiver;
import dev.campfire.realtime.benchmarks.client.Subscriber;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Latencies;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import dev.campfire.realtime.vocabulary.EventName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** From the widget that says that somebody types to the dashboard that hears it on another channel. */
@Command(
        name = "typing",
        description = {
            "From one side to the other: a widget says typing:start on a conversation's channel for typing, a dashboard hears"
                    + " it on the conversation's own channel, under the policies that are shipped. The comparison is a"
                    + " broadcast of the same size from one socket to another on one channel that nothing is bridged"
                    + " from and no policy rules. The two take turns, signal by signal.",
            "",
            "A latency runs from the moment before the sender wrote until the read of the listener's socket returned, on"
                    + " one clock."
        })
final class TypingScenario extends ScenarioCommand {

    private static final double P99_MILLIS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TYPISTS = 50;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Signals per second, of both kinds together. Default: ${DEFAULT-VALUE}.")
    private double rate;

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
            description = "After one that warms up and does not count. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("rate", rate).parameter("duration", duration).parameter("repetitions", repetitions);
        PublishedDatabase database = workbench.database("typing");
        ServiceProcess service = workbench.service(database);
        String start = EventName.TYPING_START.text();
        Signals typing = new Signals(
                "typing:start, bridged", workbench, service, database.channel(), database.channel() + ":typing", start);
        Signals plain = new Signals("plain broadcast", workbench, service, "plain", "plain", start);
        List<Signals> both = List.of(typing, plain);
        int each = Math.max(1, (int) Math.round(rate * duration.toNanos() / 1e9 / both.size()));
        Table table = new Table("milliseconds", "p50", "p99", "longest");
        double[][][] found = new double[both.size()][3][repetitions];
        for (int repetition = -1; repetition < repetitions; repetition++) {
            workbench.say(repetition < 0 ? "warming up" : "repetition %d of %d", repetition + 1, repetitions);
            both.forEach(signals -> signals.begin(each));
            Metronome metronome = new Metronome(Math.round(1e9 / rate));
            for (int i = 0; i < each * both.size(); i++) {
                metronome.await();
                both.get(i % both.size()).send(i / both.size());
            }
            for (int kind = 0; kind < both.size(); kind++) {
                Latencies latencies = both.get(kind).end();
                if (repetition >= 0) {
                    found[kind][0][repetition] = latencies.percentile(50);
                    found[kind][1][repetition] = latencies.percentile(99);
                    found[kind][2][repetition] = latencies.percentile(100);
                }
            }
            if (!metronome.kept()) {
                report.note("the sender fell behind: the machine is slow or busy");
            }
        }
        for (int kind = 0; kind < both.size(); kind++) {
            String title = both.get(kind).title;
            report.measured("p50 ms", title, found[kind][0]);
            report.measured("p99 ms", title, found[kind][1]);
            table.row(
                    title,
                    Spread.of(found[kind][0]).text(2),
                    Spread.of(found[kind][1]).text(2),
                    Spread.of(found[kind][2]).text(2));
        }
        report.add(table);
        report.add(Figure.atMost(
                "typing:start to the other side, p99", Spread.of(found[0][1]).median(), P99_MILLIS, "ms"));
    }

    /** Signals of one kind, on their way from one socket to another. */
    private static final class Signals implements Receiver {
        private final String title;
        private final Subscriber sender;
        private final Subscriber listener;
        private final String event;
        private long[] sent = {};
        private volatile AtomicLongArray received = new AtomicLongArray(0);

        Signals(String title, Workbench workbench, ServiceProcess service, String heardOn, String saidOn, String event)
                throws Exception {
            this.title = title;
            this.event = event;
            this.listener = workbench.owned(Subscriber.join(service.port(), workbench.token(), heardOn, event, this));
            this.sender = workbench.owned(
                    Subscriber.join(service.port(), workbench.token(), saidOn, event, (at, buffer, from, to) -> {}));
        }

        void begin(int count) {
            sent = new long[count];
            received = new AtomicLongArray(count);
        }

        void send(int number) throws IOException {
            String payload = "{\"userId\":\"typist-" + number % TYPISTS + "\",\"isTyping\":true,\"n\":" + number + "}";
            sent[number] = System.nanoTime();
            sender.broadcast(event, payload);
        }

        /** The number stands last in the payload. */
        @Override
        public void received(long at, byte[] buffer, int from, int to) {
            int number = 0;
            int factor = 1;
            for (int i = to - 2; i >= from && buffer[i] >= '0' && buffer[i] <= '9'; i--) {
                number += (buffer[i] - '0') * factor;
                factor *= 10;
            }
            received.set(number, at);
        }

        Latencies end() throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            long[] latencies = new long[sent.length];
            for (int i = 0; i < sent.length; i++) {
                while (received.get(i) == 0) {
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException(title + ": signal " + i + " was not heard");
                    }
                    Thread.sleep(1);
                }
                latencies[i] = received.get(i) - sent[i];
            }
            sender.requireConnected();
            listener.requireConnected();
            return new Latencies(latencies);
        }
    }
}
