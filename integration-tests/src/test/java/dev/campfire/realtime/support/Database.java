package dev.campfire.realtime.support;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A database of its own, with the schema, publication and policies that {@code publication.sql} and
 * {@code rls-policies.sql} make, and with a login for the service that has no more rights than they give it.
 *
 * <p>Statements run as superuser, each in a transaction and a connection of its own unless a connection is given.
 */
public final class Database implements AutoCloseable {

    /** The service's role, as {@code rls-policies.sql} makes it. */
    public static final String SERVICE_ROLE = "campfire_realtime";

    public static final String SERVICE_PASSWORD = "of-the-service";

    private final PostgresServer server;
    private final String name;

    private Database(PostgresServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /** A new database with everything that the service needs. */
    public static Database create(PostgresServer server) {
        return create(server, "SELECT 1");
    }

    /** @param before statements that run first, as if the application had tables of its own already */
    public static Database create(PostgresServer server, String before) {
        Database database = createEmpty(server);
        database.execute(before);
        database.execute(Repository.read("publication.sql"));
        database.execute(Repository.read("rls-policies.sql"));
        database.execute(Repository.read("realtime.sql"));
        database.execute("ALTER ROLE " + SERVICE_ROLE + " PASSWORD '" + SERVICE_PASSWORD + "'");
        return database;
    }

    /** A new database as Postgres makes it. */
    public static Database createEmpty(PostgresServer server) {
        String name = "test_" + UUID.randomUUID().toString().substring(0, 8);
        existing(server, "postgres").execute("CREATE DATABASE " + name);
        return existing(server, name);
    }

    /** A database that is there already. */
    static Database existing(PostgresServer server, String name) {
        return new Database(server, name);
    }

    public PostgresServer server() {
        return server;
    }

    public String name() {
        return name;
    }

    /** A connection as superuser, in auto-commit. */
    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    /** A connection as the service's role. */
    public Connection connectAsService() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(name), SERVICE_ROLE, SERVICE_PASSWORD);
    }

    /** Runs one or several statements without parameters. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    e.getMessage() + " in: " + sql.lines().findFirst().orElse(""), e);
        }
    }

    /** Runs one statement and returns how many rows it changed. */
    public int update(String sql, @Nullable Object... arguments) {
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, arguments)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** The first column of all rows, as text. */
    public List<String> column(String sql, @Nullable Object... arguments) {
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " in: " + sql, e);
        }
    }

    /** The first column of the one row, as text. */
    public String value(String sql, @Nullable Object... arguments) {
        List<String> values = column(sql, arguments);
        if (values.size() != 1) {
            throw new IllegalStateException(values.size() + " rows instead of one: " + sql);
        }
        return values.getFirst();
    }

    /** Whether the slot's reader has told that it keeps everything up to here, which it does once that is durable. */
    public boolean hasConfirmed(String lsn) {
        return value(
                        "SELECT confirmed_flush_lsn >= ?::pg_lsn FROM pg_replication_slots"
                                + " WHERE database = current_database()",
                        lsn)
                .equals("t");
    }

    /** Waits until all that is committed by now {@linkplain #hasConfirmed has been confirmed}. */
    public void awaitConfirmed(Duration patience) {
        String committed = value("SELECT pg_current_wal_lsn()");
        await("slot confirmed up to " + committed).atMost(patience).until(() -> hasConfirmed(committed));
    }

    /** {@code pg_terminate_backend} on whoever reads this database's slots; returns how many there were. */
    public int terminateWalsender() {
        return column("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                        + " WHERE database = current_database() AND active")
                .size();
    }

    /** Drops this database's replication slots, whoever reads them. */
    public void dropSlots() {
        dropSlotsOf(name);
    }

    private void dropSlotsOf(String database) {
        String slots = " FROM pg_replication_slots WHERE database = ? ";
        await().until(() -> {
            column("SELECT pg_terminate_backend(active_pid)" + slots + "AND active", database);
            try {
                column("SELECT pg_drop_replication_slot(slot_name)" + slots + "AND NOT active", database);
            } catch (IllegalStateException e) {
                // Its reader came back in between: once more.
                return false;
            }
            return column("SELECT slot_name" + slots, database).isEmpty();
        });
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }

    /** Drops the database with its replication slots. What still uses them is disconnected. */
    @Override
    public void close() {
        existing(server, "postgres").dropSlotsOf(name);
        existing(server, "postgres").execute("DROP DATABASE " + name + " WITH (FORCE)");
    }
}
