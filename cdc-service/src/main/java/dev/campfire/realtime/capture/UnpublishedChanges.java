package dev.campfire.realtime.capture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a slot past changes that were committed while the publication did not exist.
 *
 * <p>Up to Postgres 17 the output plugin looks the publication up as it was when a change was made, and fails where there
 * was none: the slot then stands before that change for ever, also when the publication has long been made again. Such
 * changes were never published, so skipping them loses nothing. Advancing a slot decodes without the output plugin.
 */
final class UnpublishedChanges {

    private static final Logger LOG = LoggerFactory.getLogger(UnpublishedChanges.class);
    private static final Pattern LSN = Pattern.compile("LSN ([0-9A-F]+/[0-9A-F]+)");

    /** How far behind the change that can't be decoded its commit is looked for at first; doubled with each try. */
    private static final long FIRST_STEP = 1024;

    private final String slot;

    // Touched by the supervisor's thread alone.
    private long missingAt;
    private long step = FIRST_STEP;

    UnpublishedChanges(String slot) {
        this.slot = slot;
    }

    /** Notes that there is no publication now: whatever is committed by now need not be decoded any more. */
    void noteMissing(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_wal_lsn()")) {
            row.next();
            missingAt = LogSequenceNumber.valueOf(row.getString(1)).asLong();
        }
    }

    /** Notes that changes are read again. */
    void noteProgress() {
        step = FIRST_STEP;
    }

    /**
     * Advances the slot.
     *
     * @param failure what the stream ended with; says which change could not be decoded
     */
    void skip(Connection connection, CaptureException failure) throws SQLException {
        long stuckAt = positionOf(failure);
        long target = missingAt > stuckAt ? missingAt : stuckAt + step;
        if (target == 0) {
            return;
        }
        step *= 2;
        String lsn = LogSequenceNumber.valueOf(target).asString();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.pg_replication_slot_advance(?, ?::pg_lsn)")) {
            statement.setString(1, slot);
            statement.setString(2, lsn);
            statement.execute();
        }
        LOG.warn("Skipped changes up to {}: they were committed while there was no publication.", lsn);
    }

    private static long positionOf(CaptureException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            ServerErrorMessage message = cause instanceof PSQLException error ? error.getServerErrorMessage() : null;
            String where = message == null ? null : message.getWhere();
            Matcher lsn = LSN.matcher(textOf(where));
            if (lsn.find()) {
                return LogSequenceNumber.valueOf(lsn.group(1)).asLong();
            }
        }
        return 0;
    }

    private static String textOf(@Nullable String where) {
        return where == null ? "" : where;
    }
}
