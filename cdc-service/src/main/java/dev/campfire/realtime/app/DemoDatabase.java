package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The Postgres of the demo: its binaries and its data lie in one folder and are kept, so that only the first start
 * unpacks anything. It listens on this machine alone.
 */
final class DemoDatabase implements AutoCloseable {

    static final String VERSION = "17";
    static final String NAME = "postgres";
    static final String SUPERUSER = "postgres";
    static final String PASSWORD = "postgres";

    /** The role that the service logs in as: rls-policies.sql makes it, without a password. */
    static final String SERVICE_ROLE = "campfire_realtime";

    private final EmbeddedPostgres postgres;

    private DemoDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Whether the folder holds a database already. */
    static boolean existsIn(Path folder) {
        return Files.exists(dataOf(folder).resolve("PG_VERSION"));
    }

    /**
     * Starts it.
     *
     * @throws IOException when it does not start, with the reason
     */
    static DemoDatabase start(Path folder, int port) throws IOException {
        Path data = dataOf(folder);
        try {
            return new DemoDatabase(EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(binariesOf(folder).toFile())
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofSeconds(30))
                    // The library is made for tests, which may lose what they write; this database is kept.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("max_wal_senders", "10")
                    .setServerConfig("max_replication_slots", "10")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("max_slot_wal_keep_size", "4GB")
                    .setServerConfig("timezone", "UTC")
                    .start());
        } catch (IllegalStateException e) {
            throw new IOException("Postgres does not start on port " + port + " in " + data + ": " + e.getMessage(), e);
        }
    }

    private static Path binariesOf(Path folder) {
        return folder.resolve("binaries");
    }

    private static Path dataOf(Path folder) {
        return folder.resolve("postgres-" + VERSION);
    }

    private static long pid(String line) {
        try {
            return Long.parseLong(line.strip());
        } catch (NumberFormatException e) {
            // A machine that went down while it was written.
            return -1;
        }
    }

    /**
     * Stops the server that an earlier demo left behind when it was killed. Its pid is the first line of a file that
     * Postgres keeps; by now another process may have that number, so only one that runs from this folder is meant.
     */
    static void stopLeftover(Path folder) throws IOException {
        Path pidFile = dataOf(folder).resolve("postmaster.pid");
        if (!Files.exists(pidFile) || !Files.exists(binariesOf(folder))) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        long pid = pid(lines.isEmpty() ? "" : lines.getFirst());
        Path binaries = binariesOf(folder).toRealPath();
        ProcessHandle process = ProcessHandle.of(pid)
                .filter(handle -> handle.info()
                        .command()
                        .map(Path::of)
                        .filter(command -> command.startsWith(binaries) && command.endsWith("postgres"))
                        .isPresent())
                .orElse(null);
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // It waits for connections to end that nobody will: after a hard stop it recovers by itself.
            process.destroyForcibly();
            process.onExit().join();
        } catch (ExecutionException e) {
            throw new IOException("The Postgres of an earlier demo (process " + pid + ") can't be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** As the superuser, for preparing it. */
    DatabaseSettings asSuperuser() {
        return login(SUPERUSER, PASSWORD);
    }

    /** As the role with the least privileges, for the service. */
    DatabaseSettings asService() {
        return login(SERVICE_ROLE, "");
    }

    private DatabaseSettings login(String user, String password) {
        return new DatabaseSettings("localhost", postgres.getPort(), NAME, user, password, Map.of());
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
