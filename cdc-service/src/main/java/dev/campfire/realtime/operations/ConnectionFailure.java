package dev.campfire.realtime.operations;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Why there is no connection, and what to do about it. SQLSTATEs: appendix A of the Postgres manual. */
final class ConnectionFailure {

    private static final String NAME = "server";

    private ConnectionFailure() {}

    /** One failure, named as the check of the server that could not be made. */
    static Finding explain(SQLException e) {
        return Finding.fail(NAME, PostgresMessage.of(e) + advice(e.getSQLState()), null);
    }

    private static String advice(@Nullable String state) {
        if (state == null) {
            return "";
        }
        return switch (state) {
            case "08001", "08004", "08006" ->
                ": check host, port and that the server runs (DATABASE_URL or DB_HOST, DB_PORT)";
            case "28P01" -> ": check user and password; psql's \\password sets a new one";
            case "28000" -> ": the role may not log in from here; check the role's LOGIN and the server's pg_hba.conf";
            case "3D000" -> ": create the database, or name another one (DATABASE_URL or DB_NAME)";
            case "53300" -> ": the server has no free connection; raise max_connections or the role's limit";
            case "57P03" -> ": the server is starting or stopping; try again";
            default -> "";
        };
    }
}
