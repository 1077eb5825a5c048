package dev.campfire.realtime.operations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A question in SQL whose rows are few. */
record Query(String sql) {

    /** Turns the row that the cursor is on into a value. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> all(Connection connection, RowReader<T> reader, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> values = new ArrayList<>();
                while (rows.next()) {
                    values.add(reader.read(rows));
                }
                return values;
            }
        }
    }

    <T> Optional<T> first(Connection connection, RowReader<T> reader, Object... arguments) throws SQLException {
        return all(connection, reader, arguments).stream().findFirst();
    }

    /** The one row; for queries that always have one. */
    <T> T one(Connection connection, RowReader<T> reader, Object... arguments) throws SQLException {
        return first(connection, reader, arguments).orElseThrow(() -> new SQLException("no row: " + sql));
    }

    List<String> texts(Connection connection, Object... arguments) throws SQLException {
        return all(connection, row -> row.getString(1), arguments);
    }
}
