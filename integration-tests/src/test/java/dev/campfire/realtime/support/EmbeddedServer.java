package dev.campfire.realtime.support;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Postgres whose binaries come as a dependency: it needs neither root nor Docker. */
final class EmbeddedServer implements PostgresServer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, String> settings;
    private final Path directory;
    private final int port;
    private @Nullable EmbeddedPostgres running;
    private @Nullable Leash leash;

    /** @param settings what goes on the postmaster's command line */
    EmbeddedServer(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
        this.directory = Repository.newFolder("postgres");
        this.port = FreePort.choose();
    }

    @Override
    public String description() {
        return "embedded Postgres";
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(PATIENCE)
                .setPort(port)
                // The library switches fsync off on the command line; what comes later wins.
                .setServerConfig("fsync", "on")
                .setDataDirectoryCustomizer(data -> demandPasswords(data.toPath()));
        settings.forEach(builder::setServerConfig);
        try {
            running = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("embedded Postgres did not start on port " + port, e);
        }
        leash = Leash.onProcess(postmaster().orElseThrow().pid());
    }

    /** Trust is for the superuser alone, so that a wrong password is a wrong password. */
    private static void demandPasswords(Path data) {
        try {
            Files.write(
                    data.resolve("pg_hba.conf"),
                    List.of(
                            "local all all trust",
                            "host all postgres 127.0.0.1/32 trust",
                            "host all postgres ::1/128 trust",
                            "host all all 127.0.0.1/32 scram-sha-256",
                            "host all all ::1/128 scram-sha-256",
                            "host replication all 127.0.0.1/32 scram-sha-256"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        release();
    }

    @Override
    public void kill() {
        ProcessHandle postmaster = postmaster().orElseThrow(() -> new IllegalStateException("no postmaster runs"));
        // The children notice that the postmaster is gone and end by themselves.
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        postmaster.destroyForcibly();
        all.forEach(EmbeddedServer::awaitEnd);
        release();
    }

    @Override
    public void close() {
        release();
        DirectoryTree.delete(directory);
    }

    private void release() {
        if (running == null) {
            return;
        }
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            running = null;
            if (leash != null) {
                leash.close();
                leash = null;
            }
        }
    }

    private Optional<ProcessHandle> postmaster() {
        Path file = directory.resolve("data/postmaster.pid");
        try {
            return ProcessHandle.of(
                    Long.parseLong(Files.readAllLines(file).getFirst().strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE.toSeconds(), SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process " + process.pid() + " of Postgres did not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
