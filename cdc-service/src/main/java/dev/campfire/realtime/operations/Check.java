package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * One question to Postgres.
 *
 * @param name the name of its finding
 */
public record Check(String name, Examination examination) {

    /** Reads the catalogue and changes nothing. */
    @FunctionalInterface
    public interface Examination {

        /** @param connection in auto-commit; as the role that the service logs in as */
        Finding examine(Connection connection) throws SQLException;
    }

    /** Never throws: a question that Postgres refuses to answer is a failure of this check. */
    public Finding run(Connection connection) {
        try {
            return examination.examine(connection);
        } catch (SQLException e) {
            return Finding.fail(name, "could not be checked: " + PostgresMessage.of(e), null);
        }
    }
}
