package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.load.LoadProgram;
import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Spread;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.peer.NodeModules;
import dev.campfire.realtime.benchmarks.peer.Peer;
import dev.campfire.realtime.benchmarks.peer.PeerProcess;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One channel with many subscribers, beside other servers. */
@Command(
        name = "fanout",
        description = {
            "One message to many subscribers of one channel, beside the peers that are installed (bench peers).",
            "",
            "Closed loop: the publisher keeps --window messages on their way, which finds the most deliveries per second."
                    + " Open loop: it publishes so many messages that --rate deliveries per second are due, whatever"
                    + " happens to them, and a latency runs from sending to the read of a subscriber's socket. All"
                    + " servers have all their subscribers throughout, and take turns, repetition by repetition. A multiple is the"
                    + " median of those of the repetitions."
        })
final class FanOutScenario extends ScenarioCommand {

    /** What has to be reached, by subscribers. */
    private static final double AT_1000 = 1_200_000;

    private static final double AT_5000 = 600_000;

    @Option(
            names = "--subscribers",
            split = ",",
            paramLabel = "N",
            defaultValue = "100,1000,5000",
            description = "How many there are, in rising order. Default: ${DEFAULT-VALUE}.")
    private int[] subscribers = {};

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Deliveries per second of the open loop. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "50",
            description = "Messages on their way in the closed loop. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "300",
            description = "Of a message's payload. Default: ${DEFAULT-VALUE}.")
    private int bytes;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "Of the closed loop in one repetition. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--open-duration",
            paramLabel = "TIME",
            defaultValue = "8s",
            description =
                    "Of the open loop, which needs a few hundred messages for one of them not to be the percentile."
                            + " Default: ${DEFAULT-VALUE}.")
    private Duration openDuration = Duration.ZERO;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "4s",
            description = "Of each loop before anything is measured, for each. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--warm-ups",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of them at most, until Java hardly compiles any more; all servers get as many."
                    + " Default: ${DEFAULT-VALUE}.")
    private int warmUps;

    @Option(names = "--repetitions", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Mixin
    private PeerChoice choice = new PeerChoice();

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("rate", rate)
                .parameter("window", window)
                .parameter("bytes", bytes)
                .parameter("duration", duration)
                .parameter("openDuration", openDuration)
                .parameter("warmUp", warmUp)
                .parameter("warmUps", warmUps)
                .parameter("repetitions", repetitions);
        LoadProgram program = workbench.loadProgram();
        report.parameter("load", program.title());
        List<Contestant> contestants = start(workbench, report, program);
        Table table = new Table(
                "subscribers",
                "",
                "deliveries/s",
                "server cores",
                "load cores",
                "open loop p50 ms",
                "p99 ms",
                "server cores",
                "load cores",
                "stolen ms");
        boolean first = true;
        for (int count : subscribers) {
            grow(report, contestants, count);
            if (!warmUp(workbench, contestants, count, first ? warmUp : warmUp.dividedBy(4))) {
                report.note("with " + count + " subscribers something still compiled after " + warmUps + " warm-ups");
            }
            first = false;
            measure(workbench, contestants, count);
            contestants.forEach(contestant -> tell(report, table, contestant, count));
            judge(report, contestants, count);
        }
        report.add(table);
    }

    private List<Contestant> start(Workbench workbench, Report report, LoadProgram program) throws Exception {
        ServiceProcess service = workbench.service(workbench.database("service"));
        List<Contestant> contestants = new ArrayList<>();
        LoadTarget own = LoadTarget.service(service.port(), workbench.token()).with("size", bytes);
        contestants.add(new Contestant("service", workbench.load(program, own, "service"), service.pid()));
        for (Peer peer : choice.from(Peer.all(NodeModules.find()))) {
            Optional<String> version = peer.version();
            if (version.isEmpty()) {
                report.note(peer.title() + " is not installed (" + peer.installation() + ")");
                continue;
            }
            report.parameter(peer.id(), version.get());
            PeerProcess process = workbench.peer(peer);
            contestants.add(new Contestant(
                    peer.title(),
                    workbench.load(program, process.target().with("size", bytes), peer.id()),
                    process.pid()));
        }
        return contestants;
    }

    /** Connects so many to each; a peer that does not let them in is out, which is a result, too. */
    private static void grow(Report report, List<Contestant> contestants, int count) throws IOException {
        for (Contestant contestant : List.copyOf(contestants)) {
            try {
                contestant.grow(count);
            } catch (IOException e) {
                if (contestant == contestants.getFirst()) {
                    throw e;
                }
                contestants.remove(contestant);
                report.note(contestant.title() + " is out: " + e.getMessage());
            }
        }
    }

    private boolean warmUp(Workbench workbench, List<Contestant> contestants, int count, Duration time)
            throws IOException {
        boolean isWarm = false;
        for (int i = 1; i <= warmUps && !isWarm; i++) {
            workbench.say("%,d subscribers, warm-up %d", count, i);
            isWarm = true;
            for (Contestant contestant : contestants) {
                isWarm &= contestant.warmUp(window, rate / count, time);
            }
        }
        return isWarm;
    }

    private void measure(Workbench workbench, List<Contestant> contestants, int count) throws Exception {
        List<Contestant> turns = new ArrayList<>(contestants);
        for (int i = 1; i <= repetitions; i++) {
            workbench.say("%,d subscribers, repetition %d of %d", count, i, repetitions);
            for (Contestant contestant : turns) {
                contestant.closedLoop(window, duration);
                contestant.openLoop(rate / count, openDuration);
            }
            Collections.rotate(turns, 1);
        }
    }

    private static void tell(Report report, Table table, Contestant one, int count) {
        double[] rates = one.ofClosed(round -> round.run().rate());
        double[] p50 = one.ofOpen(round -> round.run().p50());
        double[] p99 = one.ofOpen(round -> round.run().p99());
        double[] cores = one.ofOpen(Contestant.Round::cores);
        String axis = "subscribers";
        report.measuredAt("deliveries per second, closed loop", axis, one.title(), count, rates);
        report.measuredAt("p99 ms, open loop", axis, one.title(), count, p99);
        report.measuredAt("p50 ms, open loop", axis, one.title(), count, p50);
        report.measuredAt("cores of the server, open loop", axis, one.title(), count, cores);
        report.measuredAt("stolen ms, open loop", axis, one.title(), count, one.ofOpen(Contestant.Round::stolen));
        report.measuredAt("cores of the load, closed loop", axis, one.title(), count, one.ofClosed(round -> round.run()
                .cpu()));
        table.row(
                String.format(Locale.ROOT, "%,d", count),
                one.title(),
                Spread.of(rates).text(0),
                Spread.of(one.ofClosed(Contestant.Round::cores)).text(2),
                Spread.of(one.ofClosed(round -> round.run().cpu())).text(2),
                Spread.of(p50).text(2),
                Spread.of(p99).text(2),
                Spread.of(cores).text(2),
                Spread.of(one.ofOpen(round -> round.run().cpu())).text(2),
                Spread.of(one.ofOpen(Contestant.Round::stolen)).text(0));
        if (one.losses() > 0) {
            report.note(String.format(
                    Locale.ROOT,
                    "%s with %,d subscribers: %,d messages or connections were lost",
                    one.title(),
                    count,
                    one.losses()));
        }
        if (one.late() > 0) {
            report.note(one.title() + " with " + count + " subscribers: the publisher fell behind its rate in "
                    + one.late() + " repetitions");
        }
        double used = one.closedMedian(round -> round.run().cpu());
        double server = one.closedMedian(Contestant.Round::cores);
        if (used > LoadShare.BUSY && server < LoadShare.BUSY) {
            report.note(String.format(
                    Locale.ROOT,
                    "%s with %,d subscribers: the load used %.2f cores and the server %.2f: the load was the limit",
                    one.title(),
                    count,
                    used,
                    server));
        }
    }

    private void judge(Report report, List<Contestant> contestants, int count) {
        Contestant service = contestants.getFirst();
        double rateOfService = service.closedMedian(round -> round.run().rate());
        String at = String.format(Locale.ROOT, " with %,d subscribers", count);
        if (count == 1_000 || count == 5_000) {
            report.add(Figure.atLeast(
                    "deliveries per second" + at, rateOfService, count == 1_000 ? AT_1000 : AT_5000, ""));
        }
        // Nothing that is lost is late: without this a server that ended its subscribers would have the best
        // percentile.
        report.add(Figure.atMost("messages or connections lost" + at, service.losses(), 0, ""));
        for (Contestant peer : contestants.subList(1, contestants.size())) {
            report.add(Figure.atLeast(
                    "deliveries per second" + at + ", as a multiple of those of " + peer.title(),
                    multiple(
                            service,
                            peer,
                            one -> one.ofClosed(round -> round.run().rate())),
                    1,
                    ""));
            report.add(Figure.atMost(
                    "p99" + at + ", as a multiple of that of " + peer.title(),
                    multiple(
                            service,
                            peer,
                            one -> one.ofOpen(round -> round.run().p99())),
                    1,
                    ""));
        }
    }

    /** The median of the multiples in each repetition: a machine that gets slower does so for both. */
    private static double multiple(Contestant service, Contestant peer, Function<Contestant, double[]> rounds) {
        return Spread.ofMultiples(rounds.apply(service), rounds.apply(peer)).median();
    }
}
