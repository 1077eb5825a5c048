package dev.campfire.realtime.changes;

import java.sql.SQLException;
import java.util.Map;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Errors of Postgres in the form that Supabase Realtime's texts have: {@code ERROR 22P02 (name) message}. */
final class PostgresError {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("P0001", "raise_exception"),
            Map.entry("22P02", "invalid_text_representation"),
            Map.entry("22003", "numeric_value_out_of_range"),
            Map.entry("22007", "invalid_datetime_format"),
            Map.entry("22008", "datetime_field_overflow"),
            Map.entry("22023", "invalid_parameter_value"),
            Map.entry("22021", "character_not_in_repertoire"),
            Map.entry("2201B", "invalid_regular_expression"),
            Map.entry("22025", "invalid_escape_sequence"),
            Map.entry("2202E", "array_subscript_error"),
            Map.entry("23514", "check_violation"),
            Map.entry("23502", "not_null_violation"),
            Map.entry("42501", "insufficient_privilege"),
            Map.entry("42601", "syntax_error"),
            Map.entry("42704", "undefined_object"),
            Map.entry("42846", "cannot_coerce"),
            Map.entry("42883", "undefined_function"),
            Map.entry("42P18", "indeterminate_datatype"),
            Map.entry("54000", "program_limit_exceeded"),
            Map.entry("57014", "query_canceled"));

    private PostgresError() {}

    /** An exception that a function of the original raises. */
    static String raised(String message) {
        return "ERROR P0001 (raise_exception) " + message;
    }

    static String text(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return "ERROR " + state + " (" + NAMES.getOrDefault(state, "error") + ") " + message(e);
    }

    /** What Postgres says, without its state and its hints. */
    static String message(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return server == null ? String.valueOf(e.getMessage()) : String.valueOf(server.getMessage());
    }

    /**
     * Whether Postgres has looked at the question and found it wrong, rather than not having been able to look: asking
     * again would change nothing.
     */
    static boolean isVerdict(SQLException e) {
        String state = e.getSQLState();
        if (state == null || state.length() < 2) {
            return false;
        }
        return switch (state.substring(0, 2)) {
            case "22", "23", "42", "54", "P0", "0A", "2F", "38", "39" -> true;
            default -> false;
        };
    }
}
