package dev.campfire.realtime.app;

import dev.campfire.realtime.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the partitions of {@code realtime.messages}: those of the coming days are there, those past the retention are
 * not. The work is that of a function which {@code realtime.sql} makes; where it is missing, somebody else keeps them.
 */
final class MessagesUpkeep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MessagesUpkeep.class);

    /** Looked up in the catalog: to name what is in a schema one may not use is an error. */
    private static final String IS_THERE = """
            SELECT count(*) > 0 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = 'campfire' AND p.proname = 'maintain_messages'
               AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
               AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')""";

    private static final String MAINTAIN = "SELECT campfire.maintain_messages()";

    private final Database database;
    private final Schedule schedule;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("upkeep").daemon().factory());

    /**
     * When it is done.
     *
     * @param isOn whether at all
     * @param every how often, after the first time at the start
     */
    record Schedule(boolean isOn, Duration every) {
        static final Schedule DEFAULT = new Schedule(true, Duration.ofHours(4));
    }

    MessagesUpkeep(Database database, Schedule schedule) {
        this.database = database;
        this.schedule = schedule;
    }

    void start() {
        if (schedule.isOn()) {
            timer.scheduleWithFixedDelay(this::run, 0, schedule.every().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run() {
        try {
            if (!first(IS_THERE).equals("t")) {
                return;
            }
            String changed = first(MAINTAIN);
            if (!changed.equals("0")) {
                LOG.info("{} partitions of realtime.messages were made or dropped.", changed);
            }
        } catch (SQLException e) {
            LOG.warn("The partitions of realtime.messages could not be looked after: {}", e.getMessage());
        } catch (RuntimeException e) {
            // A timer whose task fails is silent for ever after.
            LOG.error("The partitions of realtime.messages could not be looked after", e);
        }
    }

    private String first(String query) throws SQLException {
        return database.change(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getString(1);
            }
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
