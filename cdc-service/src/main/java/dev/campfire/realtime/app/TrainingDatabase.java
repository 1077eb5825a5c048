package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.operations.DatabaseSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Postgres that is there for a moment, with the demo's sample in it; or none. */
final class TrainingDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingDatabase.class);

    /** Nobody listens on this port: capture tries, fails and waits, as it does where the database comes up later. */
    private static final int NOWHERE = 1;

    private final @Nullable DemoDatabase embedded;
    private final @Nullable Integer port;

    private TrainingDatabase(@Nullable DemoDatabase embedded, @Nullable Integer port) {
        this.embedded = embedded;
        this.port = port;
    }

    /**
     * Prepares one.
     *
     * @param port of one that runs; null for an embedded one, where there is one that starts
     */
    static TrainingDatabase start(Path folder, @Nullable Integer port) throws Exception {
        TrainingDatabase database = port == null ? embedded(folder) : new TrainingDatabase(null, port);
        if (database.isThere()) {
            try (Connection connection = database.connect()) {
                DatabaseSetup.shipped().apply(connection);
                DemoRows.insert(connection);
            } catch (SQLException | RuntimeException e) {
                database.close();
                throw e;
            }
        }
        return database;
    }

    private static TrainingDatabase embedded(Path folder) {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int chosen = free.getLocalPort();
            free.close();
            return new TrainingDatabase(DemoDatabase.start(folder, chosen), chosen);
        } catch (IOException | NoClassDefFoundError e) {
            LOG.debug("The training goes on without a Postgres", e);
            return new TrainingDatabase(null, null);
        }
    }

    boolean isThere() {
        return port != null;
    }

    /** What a service's environment says of it: it comes as the role with the least privileges. */
    Map<String, String> asService() {
        return Map.of(
                "DB_HOST",
                "localhost",
                "DB_PORT",
                Integer.toString(port == null ? NOWHERE : port),
                "DB_NAME",
                DemoDatabase.NAME,
                "DB_USER",
                DemoDatabase.SERVICE_ROLE);
    }

    /** Commits a message of the sample conversation. */
    void insertMessage() throws SQLException {
        try (Connection connection = connect()) {
            DemoRows.insertMessage(connection, "Training", "customer");
        }
    }

    private Connection connect() throws SQLException {
        if (port == null) {
            throw new IllegalStateException("there is no database");
        }
        DatabaseSettings superuser = new DatabaseSettings(
                "localhost", port, DemoDatabase.NAME, DemoDatabase.SUPERUSER, DemoDatabase.PASSWORD, Map.of());
        return DriverManager.getConnection(superuser.url(), superuser.properties("campfire-realtime training"));
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        }
    }
}
