package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.client.FilteredChannels;
import dev.campfire.realtime.benchmarks.client.Tally.Expectation;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import dev.campfire.realtime.benchmarks.postgres.Readings;
import dev.campfire.realtime.benchmarks.postgres.Walsender;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A table with so many filtered subscriptions, whose changes are drained again and again. For one thread. */
final class FilteredDrain {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final int subscriptions;
    private final PublishedDatabase database;
    private final Readings readings;
    private final ProcessCpu process;
    private final FilteredChannels channels;
    private final double joinCpuMillis;
    private final double joinsPerSecond;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();

    /** @param sockets over which the subscriptions are spread */
    FilteredDrain(
            Workbench workbench, ServiceProcess service, PublishedDatabase database, int subscriptions, int sockets)
            throws Exception {
        this.subscriptions = subscriptions;
        this.database = database;
        this.readings = workbench.owned(new Readings(database, "readings_of_" + subscriptions));
        this.process = new ProcessCpu(service.pid());
        workbench.say("joining %,d channels", subscriptions);
        Duration before = process.used();
        long start = System.nanoTime();
        this.channels = workbench.owned(FilteredChannels.join(
                service.port(),
                workbench.token(),
                readings.table(),
                Readings.COLUMN,
                subscriptions,
                Math.min(sockets, subscriptions),
                PATIENCE));
        this.joinsPerSecond = subscriptions / (double) (System.nanoTime() - start) * 1e9;
        this.joinCpuMillis = process.used().minus(before).toNanos() / 1e6 / subscriptions;
    }

    int subscriptions() {
        return subscriptions;
    }

    /** Processor time of the service in milliseconds per join. */
    double joinCpuMillis() {
        return joinCpuMillis;
    }

    double joinsPerSecond() {
        return joinsPerSecond;
    }

    /**
     * Fills the slot while its walsender stands still, lets it go on, and waits until every change has arrived at the one
     * channel that asked for it.
     */
    void repeat(int changes, int perTransaction, boolean counts) throws Exception {
        Walsender walsender = database.awaitReader();
        walsender.suspend();
        Expectation expectation;
        Duration before;
        long start;
        try {
            for (int first = 1; first <= changes; first += perTransaction) {
                readings.commit(first, Math.min(changes, first + perTransaction - 1), subscriptions);
            }
            walsender.awaitOthersIdle();
            expectation = channels.expect(changes);
            before = process.used();
            start = System.nanoTime();
        } finally {
            walsender.resume();
        }
        long deadline = start + PATIENCE.toNanos();
        while (!expectation.await(LOOK_AGAIN)) {
            channels.requireConnected();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not every change was received");
            }
        }
        if (counts) {
            rates.add(changes / (double) (expectation.completedAt() - start) * 1e9);
            cpu.add(process.used().minus(before).toNanos() / 1e3 / changes);
        }
    }

    /** Changes per second, by repetition. */
    double[] rates() {
        return rates.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Processor time of the service in microseconds per change, by repetition. */
    double[] cpu() {
        return cpu.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
