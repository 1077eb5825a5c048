package dev.campfire.realtime.benchmarks.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * An embedded Postgres with a new data directory on a free port. Commits are synchronous; whether they wait for the disk
 * is the caller's choice. Everybody on this machine is trusted, so it listens on the loopback interface alone.
 */
public final class EmbeddedServer implements DatabaseServer {

    private final Path folder;
    private final EmbeddedPostgres postgres;

    private EmbeddedServer(Path folder, EmbeddedPostgres postgres) {
        this.folder = folder;
        this.postgres = postgres;
    }

    /**
     * @param folder where it may keep its data; created, and left to its owner to delete
     * @param fsync whether a commit waits until the disk has it
     */
    public static EmbeddedServer start(Path folder, boolean fsync) throws IOException {
        Files.createDirectories(folder);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                // The library switches both off on the command line; what comes later wins.
                .setServerConfig("fsync", fsync ? "on" : "off")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "localhost")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_wal_senders", "20")
                .setServerConfig("max_replication_slots", "20")
                // A backlog is made by stopping a walsender: it must not take that for a dead client.
                .setServerConfig("wal_sender_timeout", "0")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "4GB");
        return new EmbeddedServer(folder, builder.start());
    }

    @Override
    public int port() {
        return postgres.getPort();
    }

    @Override
    public long pid() {
        try {
            return Long.parseLong(Files.readAllLines(folder.resolve("data/postmaster.pid"))
                    .getFirst()
                    .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's version, as it says it itself. */
    public String version() throws SQLException {
        try (Connection connection = connect("postgres")) {
            return connection.getMetaData().getDatabaseProductVersion();
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
