package dev.campfire.realtime.app;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.operations.Applied;
import dev.campfire.realtime.operations.DatabaseSetup;
import dev.campfire.realtime.operations.SetupException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what broadcasts of the database need, where nobody has made it: the container that this service stands in for
 * does so too when it is told to seed itself. Once, in the background, as soon as the database can be reached.
 */
final class MessagesSeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MessagesSeed.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Looked up in the catalog: to name what is in a schema one may not use is an error. */
    private static final String IS_COMPLETE = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                            WHERE n.nspname = 'realtime' AND p.proname = 'send')
               AND EXISTS (SELECT FROM pg_catalog.pg_publication_tables
                            WHERE schemaname = 'realtime' AND tablename LIKE 'messages%')""";

    private final DatabaseSettings settings;
    private final Thread thread = Thread.ofVirtual().name("seed").unstarted(this::run);

    MessagesSeed(DatabaseSettings settings) {
        this.settings = settings;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!isDone()) {
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDone() {
        try (Connection connection =
                DriverManager.getConnection(settings.url(), settings.properties("campfire-realtime seed"))) {
            if (!isComplete(connection)) {
                for (Applied applied : DatabaseSetup.broadcasts().apply(connection)) {
                    LOG.info(
                            "{} was applied, because objects of schema realtime were missing.",
                            applied.script().name());
                    applied.notices().forEach(notice -> LOG.info("{}", notice.text()));
                }
            }
            return true;
        } catch (SetupException e) {
            LOG.warn(
                    "Broadcasts from the database need an operator: {} Run ./campfire init as a role that may.",
                    e.getMessage());
            return true;
        } catch (SQLException e) {
            LOG.debug("The database can't be reached yet: {}", e.getMessage());
            return false;
        }
    }

    private static boolean isComplete(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(IS_COMPLETE)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
