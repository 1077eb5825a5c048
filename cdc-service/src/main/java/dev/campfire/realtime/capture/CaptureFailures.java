package dev.campfire.realtime.capture;

import dev.campfire.realtime.capture.CaptureException.Problem;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong into one line and a remedy, by the SQLSTATE that Postgres gave ("Appendix A" of its manual). */
final class CaptureFailures {

    private CaptureFailures() {}

    /** Explains a failure; null stands for an engine that ended without saying why. */
    static CaptureException explain(@Nullable Throwable failure, CaptureSettings settings) {
        if (failure == null) {
            return new CaptureException(
                    Problem.UNAVAILABLE, "The engine ended without a reason.", "It is started again.", null);
        }
        SQLException ofDatabase = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaptureException explained) {
                return explained;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                ofDatabase = sql;
            }
        }
        return ofDatabase != null ? ofDatabase(ofDatabase, settings) : unknown(failure);
    }

    private static CaptureException ofDatabase(SQLException e, CaptureSettings settings) {
        DatabaseSettings database = settings.database();
        String state = e.getSQLState();
        String message = firstLine(e);
        return switch (state) {
            case "08001", "08004" ->
                unavailable(
                        e,
                        "Postgres at " + database.host() + ":" + database.port() + " can't be reached: " + message,
                        "Check DB_HOST and DB_PORT (or DATABASE_URL), and that the server is up.");
            case "28P01", "28000" ->
                misconfigured(
                        e,
                        "Postgres refuses the login of " + database + ": " + message,
                        "Check DB_USER and DB_PASSWORD; the role needs LOGIN and REPLICATION: ALTER ROLE \""
                                + database.user() + "\" LOGIN REPLICATION;");
            case "3D000" ->
                misconfigured(
                        e, "There is no database " + database.database() + ".", "Check DB_NAME (or DATABASE_URL).");
            case "42501" ->
                misconfigured(
                        e,
                        "The role " + database.user() + " may not do that: " + message,
                        "ALTER ROLE \"" + database.user()
                                + "\" REPLICATION;  -- ./campfire doctor lists what is missing");
            case "42704" ->
                new CaptureException(
                        isAboutPublication(message, settings) ? Problem.UNDECODABLE : Problem.MISCONFIGURED,
                        "Something that capture needs is missing: " + message,
                        "./campfire init creates the publication; ./campfire doctor lists what is missing.",
                        e);
            case "55006" ->
                unavailable(
                        e,
                        "The replication slot " + settings.slot() + " is in use by another connection: " + message,
                        "Only one service can read a slot. Stop the other one, or set SLOT_NAME_SUFFIX here.");
            case "53400" ->
                misconfigured(
                        e,
                        "No replication slot or sender is free: " + message,
                        "ALTER SYSTEM SET max_replication_slots = 10; ALTER SYSTEM SET max_wal_senders = 10;"
                                + " then restart Postgres; or drop a slot that nobody uses (pg_drop_replication_slot).");
            case "08003", "08006" ->
                unavailable(e, "The connection to Postgres was lost: " + message, "It is opened again by itself.");
            case "53300" ->
                unavailable(
                        e, "Postgres has no connection left: " + message, "Raise max_connections or max_wal_senders.");
            case "57P01", "57P02", "57P03" ->
                unavailable(e, "Postgres ended the connection: " + message, "It is opened again by itself.");
            default ->
                unavailable(
                        e,
                        "Reading changes failed (SQLSTATE " + state + "): " + message,
                        "It is tried again by itself.");
        };
    }

    /** Servers say it in the language of their {@code lc_messages}; the name is the same in all of them. */
    private static boolean isAboutPublication(String message, CaptureSettings settings) {
        return message.contains("publication")
                || message.contains(settings.publication()) && !message.contains(settings.slot());
    }

    private static CaptureException unknown(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return new CaptureException(
                Problem.UNAVAILABLE,
                "Reading changes failed: " + root.getClass().getSimpleName() + ": " + firstLine(root),
                "It is tried again by itself.",
                failure);
    }

    private static CaptureException unavailable(SQLException cause, String message, String remedy) {
        return new CaptureException(Problem.UNAVAILABLE, message, remedy, cause);
    }

    private static CaptureException misconfigured(SQLException cause, String message, String remedy) {
        return new CaptureException(Problem.MISCONFIGURED, message, remedy, cause);
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        String line =
                message == null ? "no message" : message.lines().findFirst().orElse("no message");
        return line.endsWith(".") ? line : line + ".";
    }
}
