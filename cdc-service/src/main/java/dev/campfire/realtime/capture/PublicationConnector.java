package dev.campfire.realtime.capture;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/** Debezium's Postgres connector with a task of our own. Debezium creates it by name, hence public. */
public final class PublicationConnector extends PostgresConnector {

    @Override
    public Class<? extends Task> taskClass() {
        return PublicationTask.class;
    }
}
