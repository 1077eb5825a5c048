package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.load.LoadClient;
import dev.campfire.realtime.benchmarks.load.LoadRun;
import dev.campfire.realtime.benchmarks.measure.CompilerCpu;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.StolenCpu;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One server under load, and what became of it at one number of subscribers. For one thread. */
final class Contestant {

    /**
     * One run and what it cost the server.
     *
     * @param run as the load saw it
     * @param cores that the server used
     * @param stolen milliseconds of all processors that the machine's host gave to others meanwhile
     */
    record Round(LoadRun run, double cores, double stolen) {}

    /** The share of compilers in a process's time below which it is warm. A percentile shows what a hundredth is worth. */
    private static final double LITTLE_COMPILING = 0.02;

    private final String title;
    private final LoadClient load;
    private final ProcessCpu server;
    private final CompilerCpu compilers;
    private final List<Round> closed = new ArrayList<>();
    private final List<Round> open = new ArrayList<>();

    Contestant(String title, LoadClient load, long serverPid) {
        this.title = title;
        this.load = load;
        this.server = new ProcessCpu(serverPid);
        this.compilers = new CompilerCpu(serverPid);
    }

    String title() {
        return title;
    }

    /** Forgets what was measured, and goes on with so many subscribers. */
    void grow(int subscribers) throws IOException {
        closed.clear();
        open.clear();
        load.connect(subscribers);
    }

    /**
     * Both loops, unmeasured: a server compiles anew what runs otherwise.
     *
     * @return whether it is warm: what it used was hardly for compiling any more. A server that is not written in Java always is
     */
    boolean warmUp(int window, double messagesPerSecond, Duration time) throws IOException {
        Duration compiledBefore = compilers.used();
        Duration before = server.used();
        load.closedLoop(window, time);
        load.openLoop(messagesPerSecond, time);
        double compiled = compilers.used().minus(compiledBefore).toNanos();
        return compiled <= LITTLE_COMPILING * server.used().minus(before).toNanos();
    }

    void closedLoop(int window, Duration time) throws IOException {
        closed.add(round(() -> load.closedLoop(window, time)));
    }

    void openLoop(double messagesPerSecond, Duration time) throws IOException {
        open.add(round(() -> load.openLoop(messagesPerSecond, time)));
    }

    private interface Loop {
        LoadRun run() throws IOException;
    }

    private Round round(Loop loop) throws IOException {
        Duration used = server.used();
        Duration stolen = StolenCpu.sinceStart();
        LoadRun run = loop.run();
        return new Round(
                run,
                server.used().minus(used).toNanos() / 1e9 / run.seconds(),
                StolenCpu.sinceStart().minus(stolen).toMillis());
    }

    double[] ofClosed(ToDoubleFunction<Round> number) {
        return closed.stream().mapToDouble(number).toArray();
    }

    double[] ofOpen(ToDoubleFunction<Round> number) {
        return open.stream().mapToDouble(number).toArray();
    }

    /** The median over the repetitions. */
    double closedMedian(ToDoubleFunction<Round> number) {
        return Spread.of(ofClosed(number)).median();
    }

    /** Messages that never came and connections that ended. */
    long losses() {
        return closed.stream().mapToLong(Contestant::losses).sum()
                + open.stream().mapToLong(Contestant::losses).sum();
    }

    private static long losses(Round round) {
        return round.run().lost() + round.run().dead();
    }

    /** Repetitions in which the publisher fell behind its rate. */
    long late() {
        return open.stream().filter(round -> round.run().late()).count();
    }
}
