package dev.campfire.realtime.capture;

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
 * Debezium's Postgres task, with two of its seams used: the replication connection is ours, and the one record that is
 * polled is our stream, which its receiver then gives a sink. Everything else, from the life of the task to its
 * coordinator, is Debezium's. Debezium creates it by name, hence public.
 */
public final class PublicationTask extends PostgresConnectorTask {

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Map<String, String> PARTITION = Map.of("server", "campfire");

    private @Nullable DecodingReplicationConnection connection;
    private boolean announced;

    @Override
    protected ReplicationConnection buildReplicationConnection(
            PostgresConnection jdbcConnection, PostgresSchema schema, PostgresConnectorConfig config) {
        JdbcConfiguration jdbc = config.getJdbcConfig();
        DatabaseSettings database = new DatabaseSettings(
                jdbc.getHostname(),
                jdbc.getPort(),
                jdbc.getDatabase(),
                jdbc.getUser(),
                jdbc.getPassword(),
                new HashMap<>(config.getConfig().subset("driver.", true).asMap()));
        DecodingReplicationConnection built = new DecodingReplicationConnection(
                database, config.slotName(), config.publicationName(), jdbcConnection);
        connection = built;
        return built;
    }

    /** The stream, once; then nothing, until it fails. */
    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        DecodingReplicationStream stream = connection == null ? null : connection.awaitStream(POLL);
        if (stream == null) {
            throwIfFailed(null);
            return List.of();
        }
        if (!announced) {
            announced = true;
            return List.of(new SourceRecord(PARTITION, Map.of(), "stream", null, stream));
        }
        throwIfFailed(stream.failure(POLL));
        return List.of();
    }

    private void throwIfFailed(@Nullable Throwable ofStream) {
        Throwable failure = ofStream != null
                ? ofStream
                : getErrorHandler().map(ErrorHandler::getProducerThrowable).orElse(null);
        if (failure != null) {
            throw new ConnectException(failure);
        }
    }
}
