package dev.campfire.realtime.capture;

import dev.campfire.realtime.capture.CaptureException.Problem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made sure of before each engine: Debezium creates a missing slot in silence, which would hide that history was
 * lost, and reports the rest in stack traces.
 */
final class Preflight implements CaptureSupervisor.Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private final CaptureSettings settings;
    private final UnpublishedChanges unpublished;

    /** What this service has led the slot past: nothing of it was published, so nothing of it is missing. */
    private UnpublishedChanges.@Nullable Skipped skipped;

    Preflight(CaptureSettings settings) {
        this.settings = settings;
        this.unpublished = new UnpublishedChanges(settings.slot(), settings.publication());
    }

    /**
     * What the checks found of the slot.
     *
     * @param lsn behind which everything comes
     * @param end how far the WAL reaches
     * @param isNew whether it had to be made
     * @param followsLost whether there was one that Postgres had lost, so that something is missing
     */
    record Slot(long lsn, long end, boolean isNew, boolean followsLost) {}

    /** Checks, and creates the slot when it is missing, or good for nothing any more. */
    @Override
    public Slot check() throws CaptureException {
        try (Connection connection = connect()) {
            requireLogicalWal(connection);
            requirePublication(connection);
            requireReadableTypes(connection);
            return ensureSlot(connection);
        } catch (SQLException e) {
            throw CaptureFailures.explain(e, settings);
        }
    }

    @Override
    public void afterFailure(CaptureException failure) {
        if (failure.problem() != Problem.UNDECODABLE) {
            return;
        }
        try (Connection connection = connect()) {
            if (publicationExists(connection)) {
                skipped = unpublished.skip(connection);
            }
        } catch (SQLException e) {
            // The slot may still be held by the stream that has just failed; the next failure leads here again.
            LOG.warn("The slot could not be advanced: {}", e.getMessage());
        }
    }

    private Connection connect() throws SQLException {
        DatabaseSettings database = settings.database();
        return DriverManager.getConnection(database.url(), database.properties("campfire-realtime preflight"));
    }

    private static void requireLogicalWal(Connection connection) throws SQLException, CaptureException {
        String level = single(connection, "SELECT current_setting('wal_level')");
        if (!"logical".equals(level)) {
            throw new CaptureException(
                    Problem.MISCONFIGURED,
                    "Postgres runs with wal_level=" + level + "; changes can be read only with wal_level=logical.",
                    "ALTER SYSTEM SET wal_level = 'logical'; then restart Postgres.",
                    null);
        }
    }

    private void requirePublication(Connection connection) throws SQLException, CaptureException {
        if (!publicationExists(connection)) {
            String name = settings.publication();
            throw new CaptureException(
                    Problem.MISCONFIGURED,
                    "There is no publication " + name + " in database "
                            + settings.database().database() + ".",
                    "./campfire init, or: CREATE PUBLICATION " + name + " FOR TABLE ...;",
                    null);
        }
    }

    /** Debezium reads all types of the database when it starts, and fails at what counts as an enum and has no values. */
    private static void requireReadableTypes(Connection connection) throws SQLException, CaptureException {
        String types = single(
                connection,
                "SELECT string_agg(t.oid::regtype::text, ', ' ORDER BY t.oid) FROM pg_catalog.pg_type t"
                        + " WHERE t.typcategory = 'E'"
                        + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)");
        if (types != null) {
            throw new CaptureException(
                    Problem.MISCONFIGURED,
                    "Changes can't be read where there are enums without values or domains over enums, whether they are"
                            + " published or not: " + types + ".",
                    "./campfire doctor shows the statements that give an enum a value, or columns the enum itself.",
                    null);
        }
    }

    private boolean publicationExists(Connection connection) throws SQLException {
        String query = "SELECT 1 FROM pg_catalog.pg_publication WHERE pubname = ?";
        return single(connection, query, settings.publication()) != null;
    }

    private Slot ensureSlot(Connection connection) throws SQLException, CaptureException {
        boolean isLost = false;
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT plugin, database, wal_status, slot_type, confirmed_flush_lsn"
                        + " FROM pg_catalog.pg_replication_slots"
                        + " WHERE slot_name = ?")) {
            statement.setString(1, settings.slot());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    requireOurs(row.getString(1), row.getString(2), row.getString(4));
                    isLost = isLost(row.getString(3));
                    if (!isLost) {
                        return new Slot(begin(lsn(row.getString(5))), walEnd(connection), false, false);
                    }
                }
            }
        }
        if (isLost) {
            dropLost(connection);
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT lsn FROM pg_catalog.pg_create_logical_replication_slot(?, 'pgoutput')")) {
            statement.setString(1, settings.slot());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Slot(lsn(row.getString(1)), walEnd(connection), true, isLost);
            }
        }
    }

    private long begin(long confirmed) {
        return skipped != null && confirmed == skipped.to() ? skipped.from() : confirmed;
    }

    /** A standby has no WAL of its own: it has what it has replayed. */
    private static long walEnd(Connection connection) throws SQLException {
        return lsn(single(
                connection,
                "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()"
                        + " ELSE pg_catalog.pg_current_wal_insert_lsn() END"));
    }

    private static long lsn(@Nullable String text) {
        return text == null ? 0 : LogSequenceNumber.valueOf(text).asLong();
    }

    /** Whether Postgres has removed WAL that it needs, or ended it for another reason: it can never be read from again. */
    private static boolean isLost(@Nullable String walStatus) {
        return walStatus != null && walStatus.toLowerCase(Locale.ROOT).equals("lost");
    }

    /** Waiting for somebody to do it would only add to what is missing. */
    private void dropLost(Connection connection) throws SQLException {
        LOG.warn(
                "The replication slot {} is lost: Postgres removed WAL that was not yet read (max_slot_wal_keep_size). It is"
                        + " dropped.",
                settings.slot());
        single(connection, "SELECT pg_catalog.pg_drop_replication_slot(?)", settings.slot());
    }

    private void requireOurs(@Nullable String plugin, @Nullable String database, String type) throws CaptureException {
        String name = settings.slot();
        if (!"logical".equals(type) || !"pgoutput".equals(plugin)) {
            throw new CaptureException(
                    Problem.MISCONFIGURED,
                    "The replication slot " + name + " is there but belongs to something else (" + type + ", plugin "
                            + plugin + ").",
                    "Set SLOT_NAME_SUFFIX so that this service has a slot of its own.",
                    null);
        }
        if (!settings.database().database().equals(database)) {
            throw new CaptureException(
                    Problem.MISCONFIGURED,
                    "The replication slot " + name + " belongs to database " + database + ".",
                    "Set SLOT_NAME_SUFFIX so that each database has a slot of its own.",
                    null);
        }
    }

    private static @Nullable String single(Connection connection, String query, String... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
