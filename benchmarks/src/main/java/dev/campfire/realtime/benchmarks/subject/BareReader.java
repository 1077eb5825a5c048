package dev.campfire.realtime.benchmarks.subject;

import dev.campfire.realtime.benchmarks.client.Receiver;
import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/**
 * The limit of what Java can do: pgjdbc's own replication stream on a slot of its own, read by a thread that blocks in the
 * socket, decoding nothing.
 */
public final class BareReader implements AutoCloseable {

    private static final byte INSERT = 'I';

    private final Connection connection;
    private final PGReplicationStream stream;
    private final Receiver receiver;
    private final Thread thread;
    private volatile boolean closing;

    private BareReader(Connection connection, PGReplicationStream stream, Receiver receiver) {
        this.connection = connection;
        this.stream = stream;
        this.receiver = receiver;
        this.thread = Thread.ofPlatform().daemon().name("bare reader").unstarted(this::read);
    }

    /**
     * Makes the slot and reads.
     *
     * @param receiver gets every inserted row as the output plugin wrote it
     */
    public static BareReader start(int port, String database, String user, String slot, Receiver receiver)
            throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, "trusted");
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        Connection connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
        try {
            PGConnection postgres = connection.unwrap(PGConnection.class);
            postgres.getReplicationAPI()
                    .createReplicationSlot()
                    .logical()
                    .withSlotName(slot)
                    .withOutputPlugin("pgoutput")
                    .make();
            PGReplicationStream stream = postgres.getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(slot)
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", PublishedDatabase.PUBLICATION)
                    .start();
            BareReader reader = new BareReader(connection, stream, receiver);
            reader.thread.start();
            return reader;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void read() {
        try {
            while (!closing) {
                ByteBuffer message = stream.read();
                long at = System.nanoTime();
                if (message == null) {
                    continue;
                }
                int from = message.arrayOffset() + message.position();
                if (message.array()[from] == INSERT) {
                    receiver.received(at, message.array(), from, message.arrayOffset() + message.limit());
                }
                stream.setFlushedLSN(stream.getLastReceiveLSN());
                stream.setAppliedLSN(stream.getLastReceiveLSN());
            }
        } catch (SQLException e) {
            if (!closing) {
                System.err.println("The bare reader ended: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        closing = true;
        // Closing the stream would wait for the thread that blocks in it.
        connection.abort(Runnable::run);
    }
}
