package dev.campfire.realtime.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ChangeSource} that is one run of an embedded Debezium engine.
 *
 * <p>The engine remembers nothing, retries nothing and resumes from the slot alone: Debezium's own offsets have the
 * granularity of an LSN, which a COPY gives to dozens of rows, and resuming from one loses rows.
 */
final class DebeziumChangeSource implements ChangeSource {

    private final CaptureSettings settings;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<@Nullable DecodingReplicationStream> stream = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closing;
    private volatile @Nullable DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;

    DebeziumChangeSource(CaptureSettings settings) {
        this.settings = settings;
    }

    @Override
    public void run(ChangeSink sink, IntConsumer streaming) throws CaptureException, InterruptedException {
        try {
            DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> built = DebeziumEngine.create(Connect.class)
                    .using(properties())
                    .using((success, message, error) -> {
                        if (!success) {
                            failure.compareAndSet(null, error != null ? error : new IllegalStateException(message));
                        }
                    })
                    .notifying((records, committer) -> deliver(records, sink, streaming))
                    .build();
            engine = built;
            if (!closing) {
                built.run();
            }
        } finally {
            ended.countDown();
        }
        Throwable cause = failure.get();
        if (!closing) {
            throw CaptureFailures.explain(cause, settings);
        }
    }

    private void deliver(
            List<? extends ChangeEvent<SourceRecord, SourceRecord>> records, ChangeSink sink, IntConsumer streaming) {
        for (ChangeEvent<SourceRecord, SourceRecord> event : records) {
            DecodingReplicationStream opened = (DecodingReplicationStream)
                    ((RecordChangeEvent<SourceRecord>) event).record().value();
            stream.set(opened);
            streaming.accept(opened.history());
            opened.deliverTo(sink);
        }
    }

    private Properties properties() {
        DatabaseSettings database = settings.database();
        Properties properties = new Properties();
        properties.setProperty("name", "campfire");
        properties.setProperty("topic.prefix", "campfire");
        properties.setProperty("connector.class", PublicationConnector.class.getName());
        properties.setProperty("tasks.max", "1");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.setProperty("offset.flush.interval.ms", "0");
        properties.setProperty("errors.max.retries", "0");
        properties.setProperty("slot.max.retries", "0");
        properties.setProperty("record.processing.threads", "1");
        properties.setProperty("task.management.timeout.ms", "4000");
        properties.setProperty("executor.shutdown.timeout.ms", "2000");
        properties.setProperty("database.hostname", database.host());
        properties.setProperty("database.port", Integer.toString(database.port()));
        properties.setProperty("database.user", database.user());
        properties.setProperty("database.password", database.password());
        properties.setProperty("database.dbname", database.database());
        database.driverProperties().forEach((name, value) -> properties.setProperty("driver." + name, value));
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", settings.slot());
        properties.setProperty("publication.name", settings.publication());
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("snapshot.mode", "no_data");
        // The decoder describes tables by what the stream says of them: Debezium need not read any schema.
        properties.setProperty("schema.include.list", "campfire_reads_no_schema");
        properties.setProperty("status.update.interval.ms", "10000");
        return properties;
    }

    @Override
    public void acknowledge(long lsn) {
        DecodingReplicationStream running = stream.get();
        if (running != null) {
            running.acknowledge(lsn);
        }
    }

    @Override
    public void close() {
        closing = true;
        DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> running = engine;
        try {
            while (running != null && !closed(running) && !ended.await(20, TimeUnit.MILLISECONDS)) {
                // An engine that is still starting its tasks refuses to close: it is asked again until it can.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean closed(DebeziumEngine<?> engine) {
        try {
            engine.close();
            return true;
        } catch (IllegalStateException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
