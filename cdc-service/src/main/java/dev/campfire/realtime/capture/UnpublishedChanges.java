package dev.campfire.realtime.capture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a slot past changes that were committed while the publication did not exist, and not one byte further.
 *
 * <p>Up to Postgres 17 the output plugin looks the publication up as it was when a change was made, and fails where there
 * was none: the slot then stands before that change for ever, also when the publication has long been made again. Such
 * changes were never published, so skipping them loses nothing. Where they end is found by bisection with temporary copies
 * of the slot, which needs one free slot; advancing a slot decodes without the output plugin.
 */
final class UnpublishedChanges {

    private static final Logger LOG = LoggerFactory.getLogger(UnpublishedChanges.class);
    private static final String UNDEFINED_OBJECT = "42704";

    private final String slot;
    private final String publication;
    private final String probe;

    UnpublishedChanges(String slot, String publication) {
        this.slot = slot;
        this.publication = publication;
        this.probe = slot.substring(0, Math.min(slot.length(), 57)) + "_probe";
    }

    /**
     * Advances the slot to the first position behind which everything can be decoded. The publication has to be there.
     *
     * @param connection in auto-commit
     * @return what was skipped
     */
    Skipped skip(Connection connection) throws SQLException {
        long begin = lsn(
                connection,
                "SELECT confirmed_flush_lsn FROM pg_catalog.pg_replication_slots WHERE slot_name = '" + slot + "'");
        long undecodable = begin;
        long decodable = lsn(connection, "SELECT pg_catalog.pg_current_wal_lsn()");
        while (decodable - undecodable > 1) {
            long middle = undecodable + (decodable - undecodable) / 2;
            if (decodesFrom(connection, middle)) {
                decodable = middle;
            } else {
                undecodable = middle;
            }
        }
        advance(connection, slot, decodable);
        LOG.warn(
                "Skipped changes up to {}: they were committed while there was no publication.",
                LogSequenceNumber.valueOf(decodable).asString());
        return new Skipped(begin, decodable);
    }

    /**
     * A part of the WAL in which nothing was published.
     *
     * @param from where the slot stood
     * @param to where it stands since
     */
    record Skipped(long from, long to) {}

    private boolean decodesFrom(Connection connection, long position) throws SQLException {
        run(connection, "SELECT pg_catalog.pg_copy_logical_replication_slot(?, ?, true)", slot, probe);
        try {
            advance(connection, probe, position);
            run(
                    connection,
                    "SELECT count(*) FROM pg_catalog.pg_logical_slot_peek_binary_changes("
                            + "?, NULL, 1, 'proto_version', '1', 'publication_names', ?)",
                    probe,
                    '"' + publication.replace("\"", "\"\"") + '"');
        } catch (SQLException e) {
            if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
                // With the error Postgres has dropped the temporary slot.
                return false;
            }
            throw e;
        }
        run(connection, "SELECT pg_catalog.pg_drop_replication_slot(?)", probe);
        return true;
    }

    private static void advance(Connection connection, String slot, long position) throws SQLException {
        String lsn = LogSequenceNumber.valueOf(position).asString();
        run(connection, "SELECT pg_catalog.pg_replication_slot_advance(?, ?::pg_lsn)", slot, lsn);
    }

    private static void run(Connection connection, String query, String... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            statement.execute();
        }
    }

    private static long lsn(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new SQLException("the slot is gone", UNDEFINED_OBJECT);
            }
            return LogSequenceNumber.valueOf(row.getString(1)).asLong();
        }
    }
}
