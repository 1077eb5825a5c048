package dev.campfire.realtime.capture;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's replication connection, with decoding of our own: Postgres's text forms and the commit's LSN survive, which
 * Debezium's records know nothing of, at a fraction of their cost. The slot and the publication are there before an
 * engine is built ({@link Preflight}), so nothing is created here.
 */
final class DecodingReplicationConnection implements ReplicationConnection {

    /**
     * How long a read waits: also how late, on an idle stream, an acknowledgement is sent, the end is noticed, and a server
     * that has overslept a commit is woken (see {@link ReplicationSession#report}).
     */
    private static final Duration WAIT = Duration.ofMillis(50);

    private final DatabaseSettings database;
    private final String slot;
    private final String publication;
    private final PostgresConnection catalogConnection;
    private final CompletableFuture<DecodingReplicationStream> stream = new CompletableFuture<>();

    DecodingReplicationConnection(
            DatabaseSettings database, String slot, String publication, PostgresConnection catalogConnection) {
        this.database = database;
        this.slot = slot;
        this.publication = publication;
        this.catalogConnection = catalogConnection;
    }

    @Override
    public ReplicationStream startStreaming(WalPositionLocator locator) throws SQLException, InterruptedException {
        ReplicationSession session =
                ReplicationSession.start(database, slot, publication, WAIT, InstantSource.system(), System::nanoTime);
        PgOutputDecoder decoder =
                new PgOutputDecoder(session.history(), new TypeCatalog(catalogConnection.connection()));
        DecodingReplicationStream started = new DecodingReplicationStream(session, decoder);
        stream.complete(started);
        return started;
    }

    /** The slot alone knows where to resume, whatever an offset says. */
    @Override
    public ReplicationStream startStreaming(@Nullable Lsn offset, WalPositionLocator locator)
            throws SQLException, InterruptedException {
        return startStreaming(locator);
    }

    /** The stream, once it runs; null when it does not within the time. */
    @Nullable
    DecodingReplicationStream awaitStream(Duration patience) throws InterruptedException {
        try {
            return stream.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return null;
        }
    }

    @Override
    public Optional<SlotCreationResult> createReplicationSlot() throws SQLException {
        // The preflight made sure of the slot: one that vanished since then took history with it.
        throw new SQLException("replication slot \"" + slot + "\" does not exist", "42704");
    }

    @Override
    public void initConnection() {}

    @Override
    public boolean isConnected() {
        return stream.isDone();
    }

    @Override
    public void reconnect() {
        throw new UnsupportedOperationException("a stream that ended is built anew by the supervisor");
    }

    @Override
    public void close() {
        if (stream.isDone()) {
            stream.join().close();
        }
    }
}
