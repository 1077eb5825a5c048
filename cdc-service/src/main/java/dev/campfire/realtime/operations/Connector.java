package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens a connection to the database, with the login that the service uses. */
@FunctionalInterface
public interface Connector {

    /** A new connection that the caller closes. Blocks, and gives up by its own timeout. */
    Connection connect() throws SQLException;
}
