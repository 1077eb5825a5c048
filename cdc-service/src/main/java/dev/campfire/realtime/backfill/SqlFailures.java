package dev.campfire.realtime.backfill;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What failures of Postgres mean for a backfill. */
final class SqlFailures {

    private static final String FORBIDDEN = "42501";
    private static final String INVALID_PARAMETER = "22023";

    private SqlFailures() {}

    /** Whether the same may well succeed in a moment. */
    static boolean isPassing(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            return true;
        }
        // A statement that took too long would take as long again.
        return !state.equals("57014")
                && switch (state.substring(0, 2)) {
                    // Connections, resources, locks, crashes, conflicts with others, and tables that were just altered.
                    case "08", "53", "55", "57", "58", "40", "XX", "25" -> true;
                    default -> false;
                };
    }

    /** What to tell whoever wants to mend it. */
    static String text(SQLException failure, Part part, String user) {
        String message = String.valueOf(failure.getMessage());
        String remedy = remedy(failure, message, part, user);
        return remedy == null ? message : message + ". " + remedy;
    }

    private static @Nullable String remedy(SQLException failure, String message, Part part, String user) {
        String state = failure.getSQLState();
        if (INVALID_PARAMETER.equals(state) && message.contains(Source.READER)) {
            return "Rows are read as role " + Source.READER + ": CREATE ROLE " + Source.READER
                    + " NOLOGIN NOINHERIT BYPASSRLS; GRANT " + Source.READER + " TO "
                    + TablePlan.quoted(user) + ";";
        }
        if (!FORBIDDEN.equals(state)) {
            return null;
        }
        if (message.contains("row-level security")) {
            return "As a superuser: ALTER ROLE " + Source.READER + " BYPASSRLS;";
        }
        if (message.contains("set role")) {
            return "GRANT " + Source.READER + " TO " + TablePlan.quoted(user) + ";";
        }
        if (message.contains("for schema")) {
            return "GRANT USAGE ON SCHEMA " + TablePlan.quoted(part.schema()) + " TO " + Source.READER + ";";
        }
        if (message.contains("pg_logical_emit_message")) {
            return "campfire doctor says the statement that lets " + TablePlan.quoted(user) + " do it.";
        }
        return "GRANT SELECT ON TABLE " + TablePlan.quoted(part.schema(), part.table()) + " TO " + Source.READER + ";";
    }
}
