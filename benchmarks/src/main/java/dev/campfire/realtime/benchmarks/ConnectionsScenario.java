package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.load.LoadClient;
import dev.campfire.realtime.benchmarks.load.LoadProgram;
import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.measure.Figure;
import dev.campfire.realtime.benchmarks.measure.ProcessCpu;
import dev.campfire.realtime.benchmarks.measure.ProcessMemory;
import dev.campfire.realtime.benchmarks.measure.Report;
import dev.campfire.realtime.benchmarks.measure.Table;
import dev.campfire.realtime.benchmarks.peer.NodeModules;
import dev.campfire.realtime.benchmarks.peer.Peer;
import dev.campfire.realtime.benchmarks.peer.PeerProcess;
import dev.campfire.realtime.benchmarks.subject.ServiceProcess;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What connections cost that only wait. */
@Command(
        name = "connections",
        description = {
            "Sockets that join one channel and then wait, beside the peers that are installed: joins per second, and what the"
                    + " server's process has grown by for each of them.",
            "",
            "The memory is what the kernel counts as resident for the whole process, less what it had before the first"
                    + " connection. Both sides need a file for each socket: ulimit -n limits how many there can be."
        })
final class ConnectionsScenario extends ScenarioCommand {

    private static final double KILOBYTES = 8;
    private static final String AXIS = "connections";

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "N",
            defaultValue = "1000,5000,10000",
            description = "How many there are, in rising order. Default: ${DEFAULT-VALUE}.")
    private int[] connections = {};

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            defaultValue = "6s",
            description =
                    "Between the last join and the look at the memory: the service gives back what it has freed every 5"
                            + " seconds. Default: ${DEFAULT-VALUE}.")
    private Duration settle = Duration.ZERO;

    @Option(
            names = "--pace",
            paramLabel = "N",
            defaultValue = "20000",
            description = "New connections per second at most; 128 wait for their join at a time."
                    + " Default: ${DEFAULT-VALUE}.")
    private int pace;

    @Mixin
    private PeerChoice choice = new PeerChoice();

    @Override
    public void run(Workbench workbench, Report report) throws Exception {
        report.parameter("settle", settle).parameter("pace", pace);
        LoadProgram program = workbench.loadProgram();
        Table table = new Table("connections", "", "joins/s", "CPU µs/join", "KB/connection", "whole process MB");
        ServiceProcess service = workbench.service(workbench.database("service"));
        LoadTarget own = LoadTarget.service(service.port(), workbench.token());
        double kilobytes = measure(workbench, report, table, program, own, "service", service.pid());
        service.close();
        for (Peer peer : choice.from(Peer.all(NodeModules.find()))) {
            Optional<String> version = peer.version();
            if (version.isEmpty()) {
                report.note(peer.title() + " is not installed (" + peer.installation() + ")");
            } else {
                report.parameter(peer.id(), version.get());
                try (PeerProcess process = workbench.peer(peer)) {
                    measure(workbench, report, table, program, process.target(), peer.title(), process.pid());
                }
            }
        }
        report.add(table);
        report.add(Figure.atMost(
                String.format(Locale.ROOT, "memory per idle connection at %,d", connections[connections.length - 1]),
                kilobytes,
                KILOBYTES,
                "KB"));
    }

    /** Returns the kilobytes of a connection at the last number of them. */
    private double measure(
            Workbench workbench,
            Report report,
            Table table,
            LoadProgram program,
            LoadTarget target,
            String title,
            long pid)
            throws Exception {
        ProcessMemory memory = new ProcessMemory(pid);
        ProcessCpu cpu = new ProcessCpu(pid);
        long empty = memory.resident();
        double kilobytes = Double.NaN;
        int before = 0;
        try (LoadClient load = workbench.load(program, target.with("pace", pace), "connections")) {
            for (int count : connections) {
                workbench.say("%s: %,d connections", title, count);
                Duration used = cpu.used();
                LoadClient.Connected connected = load.connect(count);
                double micros = cpu.used().minus(used).toNanos() / 1e3 / (count - before);
                double joins = (count - before) / connected.seconds();
                Thread.sleep(settle);
                long now = memory.resident();
                kilobytes = (double) (now - empty) / count;
                report.measuredAt("KB per connection", AXIS, title, count, kilobytes);
                report.measuredAt("joins per second", AXIS, title, count, joins);
                report.measuredAt("CPU microseconds per join", AXIS, title, count, micros);
                table.row(
                        String.format(Locale.ROOT, "%,d", count),
                        title,
                        String.format(Locale.ROOT, "%,.0f", joins),
                        String.format(Locale.ROOT, "%,.0f", micros),
                        String.format(Locale.ROOT, "%.1f", kilobytes),
                        String.format(Locale.ROOT, "%.0f", now / 1024.0));
                before = count;
            }
        }
        return kilobytes;
    }
}
