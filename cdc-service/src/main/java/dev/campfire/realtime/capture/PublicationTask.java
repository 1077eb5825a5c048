package dev.campfire.realtime.capture;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.pipeline.ErrorHandler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's Postgres task, with two of its seams used: the replication connection is ours, and what is polled comes from
 * our queue. Everything else, from the life of the task to its coordinator, is Debezium's. Debezium creates it by name,
 * hence public.
 */
public final class PublicationTask extends PostgresConnectorTask {

    /** The property that bounds the queue, in bytes. */
    static final String BUFFERED_BYTES = "campfire.buffered.bytes";

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Map<String, String> PARTITION = Map.of("server", "campfire");

    private @Nullable ChangeQueue queue;
    private @Nullable DecodingReplicationConnection connection;
    private boolean announced;

    /** What a record carries: the changes, and the stream that they are to be acknowledged to. */
    record Delivery(
            DecodingReplicationStream stream, @Nullable ChangeBatch batch) {}

    @Override
    protected ReplicationConnection buildReplicationConnection(
            PostgresConnection jdbcConnection, PostgresSchema schema, PostgresConnectorConfig config) {
        Configuration configuration = config.getConfig();
        JdbcConfiguration jdbc = config.getJdbcConfig();
        ChangeQueue created = new ChangeQueue(configuration.getLong(BUFFERED_BYTES));
        DatabaseSettings database = new DatabaseSettings(
                jdbc.getHostname(),
                jdbc.getPort(),
                jdbc.getDatabase(),
                jdbc.getUser(),
                jdbc.getPassword(),
                new HashMap<>(configuration.subset("driver.", true).asMap()));
        DecodingReplicationConnection built = new DecodingReplicationConnection(
                database, config.slotName(), config.publicationName(), created, jdbcConnection);
        queue = created;
        connection = built;
        return built;
    }

    /** One record for all that has gathered; the first says no more than that streaming has begun. */
    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        ChangeQueue changes = queue;
        DecodingReplicationStream stream = connection == null ? null : connection.awaitStream(POLL);
        if (changes == null || stream == null) {
            throwFailure(null);
            // Streaming starts on another thread; nothing can be in the queue before it has.
            return List.of();
        }
        if (!announced) {
            announced = true;
            return record(new Delivery(stream, null));
        }
        ChangeBatch batch = changes.take(POLL);
        if (batch != null) {
            return record(new Delivery(stream, batch));
        }
        throwFailure(changes.failure());
        return List.of();
    }

    private static List<SourceRecord> record(Delivery delivery) {
        return List.of(new SourceRecord(PARTITION, Map.of(), "changes", null, delivery));
    }

    private void throwFailure(@Nullable Throwable ofStream) {
        Throwable failure = ofStream != null
                ? ofStream
                : getErrorHandler().map(ErrorHandler::getProducerThrowable).orElse(null);
        if (failure != null) {
            throw new ConnectException(failure);
        }
    }

    @Override
    protected void doStop() {
        if (queue != null) {
            queue.close();
        }
        super.doStop();
    }
}
