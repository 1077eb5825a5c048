package dev.campfire.realtime.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** An embedded Postgres of a given major version. Everybody comes in without a password. */
final class ReleaseServer implements AutoCloseable {

    private final String major;
    private final EmbeddedPostgres server;

    private ReleaseServer(String major, EmbeddedPostgres server) {
        this.major = major;
        this.server = server;
    }

    static ReleaseServer start(String major) {
        return start(major, data -> {});
    }

    /** @param prepare is handed the new data directory before the server starts on it */
    static ReleaseServer start(String major, Consumer<File> prepare) {
        try {
            return new ReleaseServer(
                    major,
                    EmbeddedPostgres.builder()
                            .setPgBinaryResolver((system, machine) -> binaries(major))
                            .setServerConfig("wal_level", "logical")
                            .setServerConfig("synchronous_commit", "on")
                            .setDataDirectoryCustomizer(prepare)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream binaries(String major) throws IOException {
        Path jar = Path.of(System.getProperty("campfire.test.postgres.binaries", "target/postgres"), major + ".jar");
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry archive = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow();
            return new ByteArrayInputStream(zip.getInputStream(archive).readAllBytes());
        }
    }

    @Override
    public String toString() {
        return "Postgres " + major;
    }

    /** A new, empty database. */
    void createDatabase(String name) throws SQLException {
        try (Connection connection = connect("postgres", "postgres")) {
            run(connection, "CREATE DATABASE " + name);
        }
    }

    int port() {
        return server.getPort();
    }

    Connection connect(String database, String role) throws SQLException {
        return DriverManager.getConnection(url(database), role, "");
    }

    /** A connection that speaks the replication protocol. */
    Connection replicate(String database, String role) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        return DriverManager.getConnection(url(database), properties);
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
