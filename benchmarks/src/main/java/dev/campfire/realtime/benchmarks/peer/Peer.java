package dev.campfire.realtime.benchmarks.peer;

import dev.campfire.realtime.benchmarks.load.LoadTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server that the service is compared with. */
public sealed interface Peer permits Nchan, Nats, ScriptPeer {

    /** All that are known, the fastest by experience first. */
    static List<Peer> all(NodeModules modules) {
        return List.of(
                ScriptPeer.uWebSockets(modules),
                new Nats(),
                new Nchan(),
                ScriptPeer.ws(modules),
                ScriptPeer.socketIo(modules));
    }

    /** As it is called on the command line. */
    String id();

    /** As it is called in tables. */
    String title();

    /** How it is installed by whoever wants to have it measured. */
    String installation();

    /** Which version is there, or nothing when it is not. */
    Optional<String> version();

    /**
     * Leaves what the server needs in the folder, and says how it is started there.
     *
     * @param port where it has to listen, on the loopback interface alone
     */
    List<String> command(int port, Path folder) throws IOException;

    /** How one channel of it is subscribed to and published on. */
    LoadTarget target(int port);
}
