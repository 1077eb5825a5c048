package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.measure.CompilerCpu;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.postgres.NumberedMessages;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.postgres.Walsender;
import dev.campfire.realtime.benchmarks.subject.ComparedReader;
import dev.campfire.realtime.benchmarks.subject.ReaderProcess;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** One reader whose slot is filled and then drained, again and again, and how fast it was. For one thread. */
final class Drain {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The share of compilers in a process's time below which it is warm. */
    private static final double LITTLE_COMPILING = 0.05;

    private final String title;
    private final PublishedDatabase database;
    private final NumberedMessages messages;
    private final ProcessCpu process;
    private final CompilerCpu compilers;
    private final Arrivals arrivals;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private final List<Double> clientCpu = new ArrayList<>();

    private Drain(String title, PublishedDatabase database, NumberedMessages messages, long pid, Arrivals arrivals) {
        this.title = title;
        this.database = database;
        this.messages = messages;
        this.process = new ProcessCpu(pid);
        this.compilers = new CompilerCpu(pid);
        this.arrivals = arrivals;
    }

    /** The service, drained by one subscriber. */
    static Drain ofService(Workbench workbench, int contentLength) throws Exception {
        return ofService(workbench, contentLength, "service", "service to one subscriber", Map.of());
    }

    /** @param settings variables of its environment */
    static Drain ofService(
            Workbench workbench, int contentLength, String name, String title, Map<String, String> settings)
            throws Exception {
        PublishedDatabase database = workbench.database(name);
        ServiceProcess service = workbench.service(database, settings);
        return new Drain(
                title,
                database,
                workbench.owned(new NumberedMessages(database, contentLength)),
                service.pid(),
                new SubscriberArrivals(workbench, service, database));
    }

    /** Something to compare the service with. */
    static Drain of(ComparedReader kind, Workbench workbench, int contentLength) throws Exception {
        PublishedDatabase database = workbench.database(kind.id());
        ReaderProcess reader = workbench.reader(kind, database);
        return new Drain(
                kind.title(),
                database,
                workbench.owned(new NumberedMessages(database, contentLength)),
                reader.pid(),
                new ReaderArrivals(reader));
    }

    /**
     * Drains it until its Java hardly compiles any more, which may take many times: a process that is nowhere near its limit
     * would have compiled long before it is.
     *
     * @param most times at most
     * @param progress told before each time which one it is
     * @return whether that came to be
     */
    boolean warmUp(int changes, int perTransaction, ProcessCpu client, int most, IntConsumer progress)
            throws Exception {
        for (int i = 1; i <= most; i++) {
            progress.accept(i);
            Duration compiledBefore = compilers.used();
            Duration before = process.used();
            repeat(changes, perTransaction, client, false);
            double share = (double) compilers.used().minus(compiledBefore).toNanos()
                    / process.used().minus(before).toNanos();
            if (share < LITTLE_COMPILING) {
                return true;
            }
        }
        return false;
    }

    /**
     * Fills the slot while its walsender stands still, lets it go on, and waits until everything has arrived.
     *
     * @param client the process that receives, when the reader is not its own receiver
     * @param counts whether to keep the result
     */
    void repeat(int changes, int perTransaction, ProcessCpu client, boolean counts) throws Exception {
        Walsender walsender = database.awaitReader();
        walsender.suspend();
        long start;
        Duration before;
        Duration clientBefore;
        try {
            for (int first = 1; first <= changes; first += perTransaction) {
                messages.commitMany(first, Math.min(changes, first + perTransaction - 1));
            }
            walsender.awaitOthersIdle();
            arrivals.expect(changes);
            before = process.used();
            clientBefore = client.used();
            start = System.nanoTime();
        } finally {
            walsender.resume();
        }
        long end = arrivals.awaitLast(PATIENCE);
        if (counts) {
            double nanos = end - start;
            rates.add(changes / nanos * 1e9);
            cpu.add(process.used().minus(before).toNanos() / 1e3 / changes);
            clientCpu.add(100 * client.used().minus(clientBefore).toNanos() / nanos);
        }
    }

    String title() {
        return title;
    }

    /** Changes per second, by repetition. */
    double[] rates() {
        return array(rates);
    }

    /** The rates as shares of another's that was drained in turn with it. */
    Spread shareOf(Drain other) {
        return Spread.of(IntStream.range(0, rates.size())
                .mapToDouble(i -> rates.get(i) / other.rates.get(i))
                .toArray());
    }

    /** Processor time of the reader's process in microseconds per change, by repetition. */
    double[] cpu() {
        return array(cpu);
    }

    /** What the receiving process used meanwhile, in percent of a core, by repetition. */
    double[] clientCpu() {
        return array(clientCpu);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
