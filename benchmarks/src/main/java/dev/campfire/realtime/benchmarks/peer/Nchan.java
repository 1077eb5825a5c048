package dev.campfire.realtime.benchmarks.peer;

import dev.campfire.realtime.benchmarks.load.LoadTarget;
import dev.campfire.realtime.benchmarks.subject.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** nginx with its module nchan: subscribers through websockets, the publisher by POST on one connection. */
record Nchan() implements Peer {

    private static final String PROGRAM = "nginx";
    private static final List<Path> MODULES = Stream.of("/usr/lib/nginx/modules", "/usr/share/nginx/modules")
            .map(folder -> Path.of(folder, "ngx_nchan_module.so"))
            .toList();

    @Override
    public String id() {
        return "nchan";
    }

    @Override
    public String title() {
        return "nchan (nginx)";
    }

    @Override
    public String installation() {
        return "Debian: nginx libnginx-mod-nchan";
    }

    @Override
    public Optional<String> version() {
        return module().flatMap(module -> Programs.find(PROGRAM))
                .flatMap(program -> Programs.firstLine(program.toString(), "-v"));
    }

    private static Optional<Path> module() {
        return MODULES.stream().filter(Files::exists).findFirst();
    }

    @Override
    public List<String> command(int port, Path folder) throws IOException {
        Path config = new Template("nginx.conf")
                .fill(
                        folder,
                        Map.of(
                                "PORT",
                                Integer.toString(port),
                                "FOLDER",
                                folder.toString(),
                                "MODULE",
                                module().orElseThrow().toString()));
        return List.of(
                Programs.find(PROGRAM).orElseThrow().toString(), "-c", config.toString(), "-p", folder.toString());
    }

    @Override
    public LoadTarget target(int port) {
        return new LoadTarget("post", port, Map.of("path", "/sub", "publish", "/pub"));
    }
}
