package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of the slot that holds the WAL until the service has read it. */
final class SlotChecks {

    private static final long LARGE_BACKLOG = 1L << 30;

    // pg_current_wal_lsn() is refused on a standby.
    private static final Query SLOT = new Query("""
            SELECT plugin, slot_type, database, active, wal_status, current_database() AS here,
                   format('SELECT pg_drop_replication_slot(%L);', slot_name) AS drop_it,
                   pg_wal_lsn_diff(position.lsn, restart_lsn)::bigint AS retained,
                   pg_wal_lsn_diff(position.lsn, confirmed_flush_lsn)::bigint AS behind
              FROM pg_replication_slots,
                   (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_lsn() END) AS position (lsn)
             WHERE slot_name = ?
            """);
    // The setting is in megabytes, or -1.
    private static final Query LIMIT = new Query("""
            SELECT setting::bigint FROM pg_settings WHERE name = 'max_slot_wal_keep_size'
            """);

    private static final String LIMIT_REMEDY =
            "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB';\nSELECT pg_reload_conf();";

    private final String slot;

    SlotChecks(CaptureNames names) {
        this.slot = names.slot();
    }

    /** The slot is the service's kind, of this database, and has lost nothing. That it is not there yet is fine. */
    Check state() {
        return new Check("slot", connection -> find(connection)
                .map(this::judge)
                .orElseGet(() ->
                        Finding.ok("slot", slot + " does not exist yet; the service creates it when it first starts")));
    }

    private Finding judge(Slot found) {
        if (!"logical".equals(found.type) || !"pgoutput".equals(found.plugin)) {
            String kind = found.plugin == null ? found.type : found.type + ", plugin " + found.plugin;
            return Finding.fail(
                    "slot", slot + " is " + kind + "; logical with pgoutput is needed", found.dropStatement);
        }
        if (!found.here.equals(found.database)) {
            return Finding.fail(
                    "slot",
                    slot + " belongs to database " + found.database + ", not to " + found.here
                            + ": give this service a slot of another name",
                    null);
        }
        String status = found.walStatus == null ? "unknown" : found.walStatus;
        return switch (status) {
            case "lost" ->
                Finding.fail(
                        "slot",
                        slot
                                + " is lost: WAL that it needs has been removed, changes are missing; the service drops it and"
                                + " starts a new history",
                        found.dropStatement);
            case "unreserved" ->
                Finding.warn(
                        "slot",
                        slot + " is about to be lost: it needs more WAL than max_slot_wal_keep_size",
                        LIMIT_REMEDY);
            default ->
                Finding.ok(
                        "slot", slot + " is " + (found.active ? "active" : "not in use") + ", pgoutput, WAL " + status);
        };
    }

    /** How much WAL the slot holds back, measured against what it may. */
    Check lag() {
        return new Check("slot lag", connection -> {
            Optional<Slot> found = find(connection);
            return found.isEmpty()
                    ? Finding.ok("slot lag", "none, there is no slot")
                    : judgeLag(found.get().retained, found.get().behind, limit(connection));
        });
    }

    /** @param limit in bytes, negative for none */
    static Finding judgeLag(long retained, long behind, long limit) {
        String text = megabytes(behind) + " unread, " + megabytes(retained) + " of WAL held back"
                + (limit < 0 ? "" : " of " + megabytes(limit) + " allowed");
        if (limit >= 0 && retained > limit / 2) {
            return Finding.warn("slot lag", text + ": more than half; is the service running?", LIMIT_REMEDY);
        }
        return limit < 0 && retained > LARGE_BACKLOG
                ? Finding.warn("slot lag", text + ": is the service running?", null)
                : Finding.ok("slot lag", text);
    }

    /** There is a limit, so that a service that is away for good cannot fill the server's disk. */
    Check walLimit() {
        return new Check("max_slot_wal_keep_size", connection -> {
            long limit = limit(connection);
            return limit < 0
                    ? Finding.warn(
                            "max_slot_wal_keep_size",
                            "no limit: while the service is away, its slot holds back WAL until the disk is full",
                            LIMIT_REMEDY)
                    : Finding.ok("max_slot_wal_keep_size", megabytes(limit));
        });
    }

    private static long limit(Connection connection) throws SQLException {
        long megabytes = LIMIT.one(connection, row -> row.getLong(1));
        return megabytes < 0 ? -1 : megabytes << 20;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", Math.max(0, bytes) / 1048576.0);
    }

    private Optional<Slot> find(Connection connection) throws SQLException {
        return SLOT.first(connection, Slot::read, slot);
    }

    private record Slot(
            @Nullable String plugin,
            String type,
            @Nullable String database,
            boolean active,
            @Nullable String walStatus,
            String here,
            String dropStatement,
            long retained,
            long behind) {

        static Slot read(ResultSet row) throws SQLException {
            return new Slot(
                    row.getString("plugin"),
                    row.getString("slot_type"),
                    row.getString("database"),
                    row.getBoolean("active"),
                    row.getString("wal_status"),
                    row.getString("here"),
                    row.getString("drop_it"),
                    row.getLong("retained"),
                    row.getLong("behind"));
        }
    }
}
