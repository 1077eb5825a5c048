package dev.campfire.realtime.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A Postgres server of the tests: {@code wal_level=logical} unless told otherwise, with room for many slots, and with
 * {@code synchronous_commit=on}. Its superuser is {@code postgres}, password {@code postgres}; every other role has to
 * show its password.
 *
 * <p>Data directory and port stay the same over {@link #kill}, {@link #stop} and {@link #start}. Not safe for use by
 * several threads.
 */
public interface PostgresServer extends AutoCloseable {

    String SUPERUSER = "postgres";

    String PASSWORD = "postgres";

    /** What this is, for people: "embedded Postgres 17.11". */
    String description();

    String host();

    int port();

    /** Starts on the kept data directory and returns when connections are accepted. */
    void start();

    /** Stops as an administrator would (fast shutdown) and returns when the server has ended. */
    void stop();

    /** {@code kill -9} of the postmaster; returns when all its processes are gone. */
    void kill();

    /** Stops and removes the server with its data. Idempotent. */
    @Override
    void close();

    default String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    /** A connection as superuser. */
    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, PASSWORD);
    }
}
