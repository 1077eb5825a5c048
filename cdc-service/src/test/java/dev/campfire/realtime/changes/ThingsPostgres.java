package dev.campfire.realtime.changes;

import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.database.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A Postgres with the published table {@code things}, started for the first class that needs it and shared by the others. */
final class ThingsPostgres implements BeforeAllCallback {

    private @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.create(ThingsPostgres.class))
                .computeIfAbsent(Running.class, type -> Running.start(), Running.class);
    }

    Database database() {
        return running.database;
    }

    /** The table's oid. */
    int things() {
        return running.things;
    }

    /** The store closes it behind the last test. */
    private record Running(EmbeddedPostgres postgres, Database database, int things) implements AutoCloseable {

        static Running start() {
            try {
                EmbeddedPostgres postgres = EmbeddedPostgres.start();
                DatabaseSettings settings = new DatabaseSettings(
                        "127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres", Map.of());
                return new Running(postgres, new Database(settings, 3), createThings(postgres));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private static int createThings(EmbeddedPostgres postgres) throws SQLException {
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE things (id bigint PRIMARY KEY, name text);"
                        + " CREATE ROLE anon; CREATE ROLE blind; GRANT SELECT ON things TO anon, blind;"
                        + " CREATE PUBLICATION supabase_realtime FOR TABLE things");
                try (var row = statement.executeQuery("SELECT 'things'::regclass::oid::int8")) {
                    row.next();
                    return row.getInt(1);
                }
            }
        }

        @Override
        public void close() throws IOException {
            database.close();
            postgres.close();
        }
    }
}
