package dev.campfire.realtime.app;

import dev.campfire.realtime.conversations.Messages;
import dev.campfire.realtime.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets the idempotency keys whose time is over. */
final class KeysUpkeep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeysUpkeep.class);

    private static final Duration EVERY = Duration.ofMinutes(10);

    /** A database that {@code campfire init} has not been run on since keys are known: nothing is to be forgotten. */
    private static final Set<String> NOT_THERE = Set.of("42P01", "3F000", "42501");

    private final Database database;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("keys").daemon().factory());

    KeysUpkeep(Database database) {
        this.database = database;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::run, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted() && Messages.forgetKeys(database) > 0) {
                LOG.debug("Idempotency keys were forgotten.");
            }
        } catch (SQLException e) {
            if (!NOT_THERE.contains(String.valueOf(e.getSQLState()))) {
                LOG.warn("Old idempotency keys could not be forgotten: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            // A timer whose task fails is silent for ever after.
            LOG.error("Old idempotency keys could not be forgotten", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
