package dev.campfire.realtime.operations;

import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The part of an exception that an operator can use, in one line. */
final class PostgresMessage {

    /** What the driver adds to every refused connection: {@link ConnectionFailure} knows better. */
    private static final String DRIVERS_ADVICE =
            " Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.";

    private PostgresMessage() {}

    /** The server's own primary message with its SQLSTATE, or the driver's where the server never answered. */
    static String of(SQLException e) {
        Optional<ServerErrorMessage> server =
                e instanceof PSQLException psql ? Optional.ofNullable(psql.getServerErrorMessage()) : Optional.empty();
        String message = server.map(ServerErrorMessage::getMessage).orElse(e.getMessage());
        String line = message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return e.getSQLState() == null ? line : line + " (SQLSTATE " + e.getSQLState() + ")";
    }
}
