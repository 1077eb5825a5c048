package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Locale;

/** What the server as a whole must allow, whatever the database. */
final class ServerChecks {

    private static final int OLDEST_VERSION = 140_000;
    private static final int DECODES_ON_STANDBY = 160_000;
    private static final Duration TOLERATED_CLOCK_DIFFERENCE = Duration.ofSeconds(2);

    private static final Query IDENTITY = new Query("""
            SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                   current_database(), current_user
            """);
    private static final Query SETTING = new Query("SELECT current_setting(?)");
    private static final Query RECOVERY = new Query("""
            SELECT pg_is_in_recovery(), current_setting('server_version_num')::int,
                   current_setting('hot_standby_feedback')
            """);
    private static final Query NOW = new Query("SELECT clock_timestamp()");

    private final InstantSource clock;

    /** @param clock this machine's, against which the server's is compared */
    ServerChecks(InstantSource clock) {
        this.clock = clock;
    }

    /** A release of Postgres that is supported. */
    Check version() {
        return new Check(
                "server",
                connection -> IDENTITY.one(
                        connection,
                        row -> judgeVersion(row.getInt(1), row.getString(2), row.getString(3), row.getString(4))));
    }

    static Finding judgeVersion(int number, String version, String database, String role) {
        String text = "PostgreSQL " + version + ", database " + database + ", as " + role;
        return number >= OLDEST_VERSION
                ? Finding.ok("server", text)
                : Finding.fail("server", text + ": 14 or newer is needed", null);
    }

    /** The WAL holds what logical decoding needs. */
    Check walLevel() {
        return new Check("wal_level", connection -> {
            String level = setting(connection, "wal_level");
            return level.equals("logical")
                    ? Finding.ok("wal_level", level)
                    : Finding.fail(
                            "wal_level",
                            level + ": changes cannot be decoded; logical is needed, and a restart of the server",
                            "ALTER SYSTEM SET wal_level = 'logical'; -- then restart the server");
        });
    }

    /** The server is the primary, or a standby that can decode. */
    Check primary() {
        return new Check(
                "standby",
                connection -> RECOVERY.one(
                        connection, row -> judgeRecovery(row.getBoolean(1), row.getInt(2), row.getString(3))));
    }

    static Finding judgeRecovery(boolean inRecovery, int version, String feedback) {
        if (!inRecovery) {
            return Finding.ok("standby", "no, this is the primary");
        }
        if (version < DECODES_ON_STANDBY) {
            return Finding.fail(
                    "standby", "this is a standby, which decodes from Postgres 16 on: connect to the primary", null);
        }
        String text = "this is a standby: changes come as late as it replays them, and creating the slot waits for the"
                + " primary";
        return feedback.equals("on")
                ? Finding.warn("standby", text, null)
                : Finding.warn(
                        "standby",
                        text + "; without hot_standby_feedback its slot may be invalidated",
                        "ALTER SYSTEM SET hot_standby_feedback = 'on';\nSELECT pg_reload_conf();");
    }

    /** Both clocks agree, so that latencies and token lifetimes mean something. */
    Check clockDifference() {
        return new Check("clock", connection -> {
            // A first question to warm the way, so that the second is about the clock and not about planning.
            NOW.one(connection, row -> row.getObject(1, OffsetDateTime.class));
            Instant before = clock.instant();
            Instant server = NOW.one(connection, row -> row.getObject(1, OffsetDateTime.class))
                    .toInstant();
            Instant after = clock.instant();
            Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
            return judgeClock(Duration.between(middle, server));
        });
    }

    static Finding judgeClock(Duration serverAhead) {
        String text = String.format(
                Locale.ROOT,
                "the server is %.3f s %s",
                serverAhead.abs().toNanos() / 1e9,
                serverAhead.isNegative() ? "behind this machine" : "ahead of this machine");
        return serverAhead.abs().compareTo(TOLERATED_CLOCK_DIFFERENCE) > 0
                ? Finding.warn("clock", text + ": keep both in step (NTP)", null)
                : Finding.ok("clock", text);
    }

    /** Commits are written at once, and so decoded at once. */
    Check synchronousCommit() {
        return new Check("synchronous_commit", connection -> {
            String commit = setting(connection, "synchronous_commit");
            return commit.equals("off")
                    ? Finding.warn(
                            "synchronous_commit",
                            "off: a change arrives up to three times wal_writer_delay ("
                                    + setting(connection, "wal_writer_delay") + ") after its commit",
                            "ALTER SYSTEM SET synchronous_commit = 'on';\nSELECT pg_reload_conf();")
                    : Finding.ok("synchronous_commit", commit);
        });
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return SETTING.one(connection, row -> row.getString(1), name);
    }
}
