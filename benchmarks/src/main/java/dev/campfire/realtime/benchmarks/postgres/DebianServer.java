package dev.campfire.realtime.benchmarks.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Postgres of Debian's packages with a new data directory, for plugins that the embedded one has not. */
public final class DebianServer implements DatabaseServer {

    private static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TO_END = Duration.ofSeconds(6);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Process postmaster;
    private final int port;

    private DebianServer(Process postmaster, int port) {
        this.postmaster = postmaster;
        this.port = port;
    }

    /** The folder of the newest version that is installed with an output plugin. */
    public static Optional<Path> installedWith(String plugin) throws IOException {
        if (!Files.isDirectory(INSTALLATIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLATIONS)) {
            return versions.filter(version -> Files.isExecutable(version.resolve("bin/initdb"))
                            && Files.exists(version.resolve("lib").resolve(plugin + ".so")))
                    .max(Comparator.naturalOrder());
        }
    }

    /**
     * Starts one, and returns when it takes connections.
     *
     * @param installation as {@link #installedWith} found it
     * @param prefix what the command line begins with, to choose the processors
     * @param folder where it keeps its data; created, and left to its owner to delete
     * @param log what it prints
     */
    public static DebianServer start(Path installation, List<String> prefix, int port, Path folder, Path log)
            throws IOException, InterruptedException, SQLException {
        Files.createDirectories(folder);
        Path data = folder.resolve("data");
        Process making = process(
                log,
                prefix,
                List.of(
                        installation.resolve("bin/initdb").toString(),
                        "--pgdata=" + data,
                        "--username=" + SUPERUSER,
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--no-sync"));
        if (making.waitFor() != 0) {
            throw new IOException("initdb failed: see " + log);
        }
        DebianServer server = new DebianServer(
                process(
                        log,
                        prefix,
                        List.of(
                                installation.resolve("bin/postgres").toString(),
                                "-D" + data,
                                "-p" + port,
                                "-clisten_addresses=localhost",
                                "-cunix_socket_directories=",
                                "-cwal_level=logical",
                                "-cfsync=off",
                                "-cshared_buffers=256MB")),
                port);
        try {
            server.awaitConnections(log);
            return server;
        } catch (IOException | InterruptedException | SQLException e) {
            server.close();
            throw e;
        }
    }

    private static Process process(Path log, List<String> prefix, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(prefix);
        if (System.getProperty("user.name").equals("root")) {
            // Postgres refuses to be root: in a user namespace of its own it is nobody.
            line.addAll(List.of("unshare", "--user"));
        }
        line.addAll(command);
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void awaitConnections(Path log) throws IOException, InterruptedException, SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                connect("postgres").close();
                return;
            } catch (SQLException e) {
                if (!postmaster.isAlive()) {
                    throw new IOException("Postgres has ended: see " + log, e);
                }
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long pid() {
        return postmaster.pid();
    }

    @Override
    public void close() {
        // Whoever is connected has been closed before: it waits for them.
        postmaster.destroy();
        try {
            if (!postmaster.waitFor(TO_END.toSeconds(), TimeUnit.SECONDS)) {
                postmaster.destroyForcibly();
            }
        } catch (InterruptedException e) {
            postmaster.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
