package dev.campfire.realtime.benchmarks.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A Postgres on this machine that trusts everybody who comes from it. */
public interface DatabaseServer extends AutoCloseable {

    /** Who may do everything in it. */
    String SUPERUSER = "postgres";

    int port();

    /** The postmaster's process. */
    long pid();

    /** A connection as superuser, in auto-commit. */
    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/" + database, SUPERUSER, "");
    }
}
