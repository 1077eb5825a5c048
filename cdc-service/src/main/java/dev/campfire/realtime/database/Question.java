package dev.campfire.realtime.database;

import java.sql.Connection;
import java.sql.SQLException;

/** Something that is asked of Postgres. */
@FunctionalInterface
public interface Question<T> {

    /**
     * Asks, and may block. Is called a second time when the first session went away before it had answered.
     *
     * @param connection in a transaction, which whoever is asked ends; to be used by this thread alone, and not kept
     */
    T ask(Connection connection) throws SQLException;
}
