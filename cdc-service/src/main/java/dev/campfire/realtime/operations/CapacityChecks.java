package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Whether there is room for the service's slot and for the process that serves it. */
final class CapacityChecks {

    private static final Query SLOTS = new Query("""
            SELECT current_setting('max_replication_slots')::int, count(*)::int,
                   coalesce(bool_or(slot_name = ?), false)
              FROM pg_replication_slots
            """);
    private static final Query IDLE_SLOTS =
            new Query("SELECT slot_name FROM pg_replication_slots WHERE NOT active AND slot_name <> ? ORDER BY 1");
    private static final Query SENDERS = new Query("""
            SELECT current_setting('max_wal_senders')::int, count(*)::int,
                   EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ? AND active)
              FROM pg_stat_get_wal_senders()
            """);

    private final String slot;

    CapacityChecks(CaptureNames names) {
        this.slot = names.slot();
    }

    /** The service's slot is there, or there is room for it. */
    Check replicationSlots() {
        return new Check("replication slots", this::slots);
    }

    private Finding slots(Connection connection) throws SQLException {
        Usage usage = Usage.of(connection, SLOTS, slot);
        if (usage.ownIncluded() || usage.free() > 0) {
            return Finding.ok("replication slots", usage.text());
        }
        List<String> idle = IDLE_SLOTS.texts(connection, slot);
        return Finding.fail(
                "replication slots",
                usage.text() + ", none is free for " + slot
                        + (idle.isEmpty() ? "" : "; not in use at the moment: " + String.join(", ", idle)),
                "ALTER SYSTEM SET max_replication_slots = " + (usage.used() + 10) + "; -- then restart the server");
    }

    /** The service is connected to its slot, or there is room for its walsender. */
    Check walSenders() {
        return new Check("wal senders", connection -> {
            Usage usage = Usage.of(connection, SENDERS, slot);
            return usage.ownIncluded() || usage.free() > 0
                    ? Finding.ok("wal senders", usage.text())
                    : Finding.fail(
                            "wal senders",
                            usage.text() + ", none is free",
                            "ALTER SYSTEM SET max_wal_senders = " + (usage.used() + 10)
                                    + "; -- then restart the server");
        });
    }

    private record Usage(int limit, int used, boolean ownIncluded) {

        static Usage of(Connection connection, Query query, String slot) throws SQLException {
            return query.one(connection, row -> new Usage(row.getInt(1), row.getInt(2), row.getBoolean(3)), slot);
        }

        int free() {
            return limit - used;
        }

        String text() {
            return used + " of " + limit + " used";
        }
    }
}
