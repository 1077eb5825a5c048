package dev.campfire.realtime.benchmarks.subject;

import dev.campfire.realtime.benchmarks.postgres.PublishedDatabase;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.util.List;
import java.util.Properties;
import java.util.function.LongConsumer;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium embedded as it comes, with a handler that counts and does nothing else.
 *
 * <p>Two settings differ from its defaults so that the comparison is fair to it: the poll interval, because the end of a
 * backlog would otherwise wait half a second for a full batch, and the snapshot, because nobody else takes one.
 */
final class StockDebezium {

    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;

    /** @param counter gets the size of each batch */
    StockDebezium(int port, String database, String user, String slot, LongConsumer counter) {
        this.engine = DebeziumEngine.create(Connect.class)
                .using(properties(port, database, user, slot))
                .using((success, message, error) -> {
                    if (!success) {
                        System.err.println("Debezium ended: " + message);
                    }
                })
                .notifying((records, committer) -> handle(records, committer, counter))
                .build();
    }

    private static void handle(
            List<ChangeEvent<SourceRecord, SourceRecord>> records,
            DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer,
            LongConsumer counter)
            throws InterruptedException {
        for (ChangeEvent<SourceRecord, SourceRecord> event : records) {
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
        counter.accept(records.size());
    }

    private static Properties properties(int port, String database, String user, String slot) {
        Properties properties = new Properties();
        properties.setProperty("name", slot);
        properties.setProperty("topic.prefix", slot);
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.setProperty("database.hostname", "127.0.0.1");
        properties.setProperty("database.port", Integer.toString(port));
        properties.setProperty("database.user", user);
        properties.setProperty("database.password", "trusted");
        properties.setProperty("database.dbname", database);
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", slot);
        properties.setProperty("publication.name", PublishedDatabase.PUBLICATION);
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("snapshot.mode", "no_data");
        properties.setProperty("max.batch.size", "2048");
        properties.setProperty("poll.interval.ms", "10");
        return properties;
    }

    /** Returns when it has failed. */
    void run() {
        engine.run();
    }
}
