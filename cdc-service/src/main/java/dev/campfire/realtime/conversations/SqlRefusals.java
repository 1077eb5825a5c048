package dev.campfire.realtime.conversations;

import dev.campfire.realtime.conversations.Refusal.Reason;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Postgres's errors mean to a caller. Its messages may hold values of rows, so they are never passed on. */
final class SqlRefusals {

    private static final Logger LOG = LoggerFactory.getLogger(SqlRefusals.class);

    private static final String SETUP =
            " Run  campfire init  on the database, or create what is missing as publication.sql does.";

    /** In quotes, or qualified. */
    private static final Pattern NAME = Pattern.compile("\"[^\"]+\"|\\w+\\.\\w+");

    private SqlRefusals() {}

    static Refusal of(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (e instanceof SQLTransientConnectionException) {
            return Refusal.of(Reason.UNAVAILABLE, "The database has no connection free. Try again.");
        }
        return switch (state) {
            case "42501" -> Refusal.of(Reason.FORBIDDEN, "The database does not let your role do this.");
            case "42P01", "3F000" ->
                Refusal.of(Reason.NOT_SET_UP, "A table of the standards is missing" + missing(e) + "." + SETUP);
            case "42703", "42804", "42883" ->
                Refusal.of(
                        Reason.NOT_SET_UP, "A table has other columns than the standards" + missing(e) + "." + SETUP);
            case "42P17" -> Refusal.of(Reason.NOT_SET_UP, "The policies of a table ask one another without end.");
            case "23505" -> Refusal.of(Reason.CONFLICT, "There is such a row already.");
            case "40001", "40P01", "55P03" ->
                Refusal.of(Reason.CONFLICT, "Others are changing the same rows. Try again.");
            case "57014" -> Refusal.of(Reason.UNAVAILABLE, "The database took too long. Try again.");
            default -> of(e, state);
        };
    }

    /** The same for the table of keys, which is the service's own and nobody else's. */
    static Refusal ofKeys(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case "42501", "42P01", "3F000" ->
                Refusal.of(
                        Reason.NOT_SET_UP,
                        "Idempotency keys need the table campfire.idempotency_keys. Run  campfire init  on the database.");
            case "57014", "55P03" -> Refusal.of(Reason.CONFLICT, "A call with this key is being answered.");
            default -> of(e);
        };
    }

    private static Refusal of(SQLException e, String state) {
        ServerErrorMessage message = e instanceof PSQLException known ? known.getServerErrorMessage() : null;
        if (message != null && "realtime".equals(message.getSchema())) {
            return Refusal.of(Reason.NOT_SET_UP, "realtime.messages has no partition for today." + SETUP);
        }
        if (state.startsWith("22") || state.startsWith("23") || state.equals("P0001")) {
            return ofRule(message);
        }
        boolean isAway = state.startsWith("08") || state.startsWith("53") || state.startsWith("57P");
        if (!isAway) {
            LOG.warn("A caller's statement failed with SQLSTATE {}", state);
        }
        return Refusal.of(Reason.UNAVAILABLE, "The database can't be asked now. Try again.");
    }

    /** The first name in the message, which for these errors is one of a table or a column. */
    private static String missing(SQLException e) {
        Matcher matcher = NAME.matcher(String.valueOf(e.getMessage()));
        return matcher.find() ? ": " + matcher.group().replace("\"", "") : "";
    }

    private static Refusal ofRule(@Nullable ServerErrorMessage message) {
        String constraint = message == null ? null : message.getConstraint();
        String column = message == null ? null : message.getColumn();
        String rule = constraint == null ? "" : ": " + constraint;
        return column == null
                ? Refusal.of(Reason.INVALID, "A rule of the database refuses this" + rule + ".")
                : Refusal.invalid(column, "is refused by a rule of the database" + rule);
    }
}
