package dev.campfire.realtime.benchmarks.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Broadcasts of the database on the public channels {@code room:0}, {@code room:1} and so on, each a logical message of its
 * own in the WAL. For one thread.
 */
public final class RoomMessages implements AutoCloseable {

    /** A prime, so that neighbours in time are no neighbours in number. */
    private static final long STRIDE = 7_919;

    private final Connection connection;
    private final PreparedStatement emit;

    /**
     * @param rooms how many channels there are
     * @param contentLength how many characters a message's content has
     */
    public RoomMessages(PublishedDatabase database, int rooms, int contentLength) throws SQLException {
        connection = database.connect();
        try {
            emit = connection.prepareStatement("SELECT count(pg_logical_emit_message(true, 'realtime.broadcast',"
                    + " '{\"topic\":\"room:' || (n * " + STRIDE + " % " + rooms
                    + ") || '\",\"event\":\"bench\",\"private\":false,\"payload\":{\"t\":\"TS=' || lpad(?, 19, '0')"
                    + " || '\",\"d\":\"" + "x".repeat(contentLength) + "\"}}'))"
                    + " FROM generate_series(?::bigint, ?::bigint) AS n");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The topic of a channel, as clients join it. */
    public static String topic(int room) {
        return "realtime:room:" + room;
    }

    /** Commits the messages of these numbers in one transaction; they carry the moment of this call. */
    public void commit(long first, long last) throws SQLException {
        emit.setString(1, Long.toString(System.nanoTime()));
        emit.setLong(2, first);
        emit.setLong(3, last);
        emit.executeQuery().close();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
