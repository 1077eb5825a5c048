package dev.campfire.realtime.benchmarks.peer;

import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.subject.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server of a few lines of JavaScript, on a package of npm or on the runtime's own websockets. */
final class ScriptPeer implements Peer {

    private final String id;
    private final String title;
    private final String runtime;
    private final Optional<String> dependency;
    private final LoadTarget target;
    private final NodeModules modules;

    private ScriptPeer(
            String id,
            String title,
            String runtime,
            Optional<String> dependency,
            LoadTarget target,
            NodeModules modules) {
        this.id = id;
        this.title = title;
        this.runtime = runtime;
        this.dependency = dependency;
        this.target = target;
        this.modules = modules;
    }

    static Peer uWebSockets(NodeModules modules) {
        LoadTarget target = new LoadTarget("raw", 0, Map.of("path", "/sub", "publish", "/pub"));
        return new ScriptPeer("uwebsockets", "uWebSockets (Bun)", "bun", Optional.empty(), target, modules);
    }

    static Peer ws(NodeModules modules) {
        LoadTarget target = new LoadTarget("raw", 0, Map.of("path", "/sub", "publish", "/pub"));
        return new ScriptPeer("ws", "ws (Node.js)", "node", Optional.of("ws"), target, modules);
    }

    static Peer socketIo(NodeModules modules) {
        LoadTarget target = new LoadTarget("socketio", 0, Map.of("path", "/socket.io/?EIO=4&transport=websocket"));
        return new ScriptPeer("socketio", "socket.io (Node.js)", "node", Optional.of("socket.io"), target, modules);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String installation() {
        return "npm install " + dependency.orElse(runtime) + ", in the folder that " + NodeModules.VARIABLE + " names";
    }

    @Override
    public Optional<String> version() {
        Optional<String> ofRuntime = modules.program(runtime)
                .flatMap(program -> Programs.firstLine(program.toString(), "--version"))
                .map(version -> runtime + " " + version);
        if (dependency.isEmpty()) {
            return ofRuntime;
        }
        return modules.version(dependency.get())
                .flatMap(version -> ofRuntime.map(other -> dependency.get() + " " + version + ", " + other));
    }

    @Override
    public List<String> command(int port, Path folder) throws IOException {
        Path script = new Template(id + ".cjs").fill(folder, Map.of());
        return List.of(modules.program(runtime).orElseThrow().toString(), script.toString(), Integer.toString(port));
    }

    /** Where the script finds its package, which is not beside it. */
    Map<String, String> environment() {
        return Map.of("NODE_PATH", modules.folder().toString());
    }

    @Override
    public LoadTarget target(int port) {
        return new LoadTarget(target.protocol(), port, target.options());
    }
}
