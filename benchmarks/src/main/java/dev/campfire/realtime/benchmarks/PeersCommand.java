package dev.campfire.realtime.benchmarks;

import dev.campfire.realtime.benchmarks.peer.NodeModules;
import dev.campfire.realtime.benchmarks.peer.Peer;
import dev.campfire.realtime.benchmarks.postgres.DebianServer;
import dev.campfire.realtime.benchmarks.postgres.Walrus;
import dev.campfire.realtime.benchmarks.subject.Cores;
import dev.campfire.realtime.benchmarks.subject.PgRecvLogical;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says which peers are there. */
@Command(
        name = "peers",
        description = {
            "Lists the other servers that fanout and connections measure beside the service, and the other readers that"
                    + " backlog does, and which of them are installed here.",
            "",
            "Nothing is installed by this program. Packages of npm are looked for in the folder that the variable "
                    + NodeModules.VARIABLE
                    + " names, in which \"npm install ws socket.io bun\" was run, and otherwise in"
                    + " the working directory; programs on the PATH."
        })
final class PeersCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        for (Peer peer : Peer.all(NodeModules.find())) {
            tell(peer.id(), peer.title(), peer.version().orElse("not installed: " + peer.installation()));
        }
        tell(
                "recvlogical",
                "pg_recvlogical",
                PgRecvLogical.find(Cores.choose(false), Path.of("/dev/null"))
                        .map(PgRecvLogical::version)
                        .orElse("not installed: Debian: postgresql-client"));
        tell("", "pgjdbc, Debezium", "are part of this program");
        Optional<Path> postgres = DebianServer.installedWith(Walrus.PLUGIN);
        tell(
                "",
                "walrus (of rls)",
                postgres.isPresent() && Walrus.sql().isPresent()
                        ? Walrus.sql().get() + ", with " + Walrus.PLUGIN + " of " + postgres.get()
                        : "not installed: " + Walrus.INSTALLATION);
        return 0;
    }

    private static void tell(String id, String title, String found) {
        System.out.println(String.format(Locale.ROOT, "%-12s %-20s %s", id, title, found));
    }
}
