package dev.campfire.realtime.benchmarks.subject;

import dev.campfire.realtime.benchmarks.postgres.DatabaseServer;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Postgres's own reader in C, which writes what a slot has to {@code /dev/null}: about the most that anybody can read. It is
 * measured where Postgres's client programs are installed.
 */
public final class PgRecvLogical {

    private static final String PROGRAM = "pg_recvlogical";
    private static final String SLOT = "bench_recvlogical";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path program;
    private final Cores cores;
    private final Path log;

    private PgRecvLogical(Path program, Cores cores, Path log) {
        this.program = program;
        this.cores = cores;
        this.log = log;
    }

    /** The program on the PATH, or else of Debian's newest version of Postgres. */
    public static Optional<PgRecvLogical> find(Cores cores, Path log) throws IOException {
        Optional<Path> found = Programs.find(PROGRAM);
        if (found.isEmpty() && Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                found = versions.map(version -> version.resolve("bin").resolve(PROGRAM))
                        .filter(Files::isExecutable)
                        .max(Comparator.naturalOrder());
            }
        }
        return found.map(program -> new PgRecvLogical(program, cores, log));
    }

    /** Which version it is. */
    public String version() {
        return Programs.firstLine(program.toString(), "--version").orElse("?");
    }

    /** Makes a new slot, in the place of an earlier one: what is committed from now on waits in it. */
    public void prepare(PublishedDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + SLOT + "'");
            statement.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        }
    }

    /** Reads until the end of what is committed now, and returns how long that took, its start included. */
    public Duration drain(PublishedDatabase database, Duration patience)
            throws SQLException, IOException, InterruptedException {
        String end;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn()")) {
            row.next();
            end = row.getString(1);
        }
        List<String> line = new ArrayList<>(cores.prefixOfSubject());
        line.addAll(List.of(
                program.toString(),
                "--host=127.0.0.1",
                "--port=" + database.server().port(),
                "--username=" + DatabaseServer.SUPERUSER,
                "--dbname=" + database.name(),
                "--slot=" + SLOT,
                "--start",
                "--no-loop",
                "--endpos=" + end,
                "--option=proto_version=1",
                "--option=publication_names=" + PublishedDatabase.PUBLICATION,
                "--file=/dev/null"));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(PROGRAM + " did not come to the end: see " + log);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
