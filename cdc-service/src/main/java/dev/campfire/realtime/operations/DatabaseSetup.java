package dev.campfire.realtime.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prepares a database for the service: creates what is missing and leaves alone what is there, so it may be applied again
 * at any time.
 */
public final class DatabaseSetup {

    private static final List<String> FILES = List.of("publication.sql", "rls-policies.sql", "realtime.sql");

    /** Two that apply at once would both find a role missing. Any number will do that nobody else uses. */
    private static final String ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(4711, 2187)";

    private final List<Script> scripts;

    /** @param scripts in the order in which they are applied */
    public DatabaseSetup(List<Script> scripts) {
        this.scripts = List.copyOf(scripts);
    }

    /** The scripts that are shipped with the service. */
    public static DatabaseSetup shipped() {
        return new DatabaseSetup(FILES.stream().map(DatabaseSetup::resource).toList());
    }

    /** The one script that makes what broadcasts of the database need, and nothing of the application's. */
    public static DatabaseSetup broadcasts() {
        return new DatabaseSetup(List.of(resource("realtime.sql")));
    }

    private static Script resource(String file) {
        try (InputStream text = DatabaseSetup.class.getResourceAsStream("/sql/" + file)) {
            if (text == null) {
                throw new IllegalStateException("this build lacks the resource sql/" + file);
            }
            return new Script(file, new String(text.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Script> scripts() {
        return scripts;
    }

    /** What {@link #apply} would run, as a script for psql. */
    public String dryRun() {
        return scripts.stream()
                .map(script -> "-- " + script.name() + "\n\n" + script.sql())
                .collect(Collectors.joining("\n"));
    }

    /**
     * Applies all scripts in order, each in a transaction of its own.
     *
     * @param connection in auto-commit, which it is again afterwards; its role owns what exists and may create roles
     * @throws SetupException if Postgres refuses one: that one is undone, those before it are not
     */
    public List<Applied> apply(Connection connection) throws SetupException {
        List<Applied> applied = new ArrayList<>();
        for (Script script : scripts) {
            try {
                applied.add(apply(connection, script));
            } catch (SQLException e) {
                throw new SetupException(script, e);
            }
        }
        return List.copyOf(applied);
    }

    private static Applied apply(Connection connection, Script script) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement lock = connection.createStatement();
                Statement statement = connection.createStatement()) {
            lock.execute(ONE_AT_A_TIME);
            statement.execute(script.sql());
            List<ServerNotice> notices = ServerNotice.all(statement.getWarnings());
            connection.commit();
            return new Applied(script, notices);
        } catch (SQLException e) {
            rollBack(connection, e);
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void rollBack(Connection connection, SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is gone, and with it the transaction.
            cause.addSuppressed(e);
        }
    }
}
