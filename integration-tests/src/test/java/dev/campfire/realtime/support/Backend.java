package dev.campfire.realtime.support;

import java.util.Map;

/**
 * A Postgres server, a database on it and the service on that: what most tests share.
 *
 * @param postgres starts further servers for tests that break theirs
 */
public record Backend(PostgresProvider postgres, PostgresServer server, Database database, ServiceProcess service)
        implements AutoCloseable {

    /** Starts everything and returns when the service is healthy. */
    public static Backend start(PostgresProvider provider) {
        return start(provider, Map.of());
    }

    /** @param settings settings of Postgres beside the usual */
    public static Backend start(PostgresProvider provider, Map<String, String> settings) {
        PostgresServer server = provider.start(settings);
        try {
            Database database = Database.create(server);
            ServiceProcess service = ServiceProcess.forDatabase(database).startHealthy();
            return new Backend(provider, server, database, service);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** A conversation of its own for a test. */
    public Conversation conversation() {
        return Conversation.open(database, service);
    }

    /** Stops the service, then the server with all its data. Idempotent. */
    @Override
    public void close() {
        service.close();
        server.close();
    }
}
