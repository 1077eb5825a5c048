package dev.campfire.realtime.benchmarks.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A published table that everybody may read, and its writer. For one thread. */
public final class Readings implements AutoCloseable {

    public static final String COLUMN = "sensor";

    private final Connection connection;
    private final PreparedStatement insert;
    private final String table;

    /** @param table what it is to be called, in schema public; it is made */
    public Readings(PublishedDatabase database, String table) throws SQLException {
        this.table = table;
        this.connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE public." + table + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " sensor int NOT NULL, value double precision NOT NULL, taken timestamptz NOT NULL DEFAULT now());"
                    + " GRANT SELECT ON public." + table + " TO anon;"
                    + " ALTER PUBLICATION " + PublishedDatabase.PUBLICATION + " ADD TABLE public." + table);
            connection.setAutoCommit(false);
            insert = connection.prepareStatement("INSERT INTO public." + table + " (sensor, value)"
                    + " SELECT n::bigint * 7919 % ?, n / 3.0 FROM generate_series(?, ?) AS n");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    public String table() {
        return table;
    }

    /** Inserts and commits these in one transaction, their sensors spread over so many. */
    public void commit(int first, int last, int sensors) throws SQLException {
        insert.setInt(1, sensors);
        insert.setInt(2, first);
        insert.setInt(3, last);
        insert.executeUpdate();
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
