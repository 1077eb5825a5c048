package dev.campfire.realtime.benchmarks.peer;

import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.subject.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** NATS through its websocket. */
record Nats() implements Peer {

    private static final String PROGRAM = "nats-server";

    @Override
    public String id() {
        return "nats";
    }

    @Override
    public String title() {
        return "NATS websocket";
    }

    @Override
    public String installation() {
        return "Debian: nats-server";
    }

    @Override
    public Optional<String> version() {
        return Programs.find(PROGRAM).flatMap(program -> Programs.firstLine(program.toString(), "--version"));
    }

    @Override
    public List<String> command(int port, Path folder) throws IOException {
        Path config = new Template("nats.conf").fill(folder, Map.of("PORT", Integer.toString(port)));
        return List.of(Programs.find(PROGRAM).orElseThrow().toString(), "-c", config.toString());
    }

    @Override
    public LoadTarget target(int port) {
        return new LoadTarget("nats", port, Map.of());
    }
}
