package dev.campfire.realtime.benchmarks.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How Supabase judges changes: a slot with wal2json is polled, and {@code realtime.apply_rls} of walrus asks the policy about each change
 * once for every subscription. walrus's SQL is no part of this program. For one thread.
 */
public final class Walrus implements AutoCloseable {

    /** The environment's variable that names its SQL. */
    public static final String VARIABLE = "CAMPFIRE_BENCH_WALRUS";

    public static final String PLUGIN = "wal2json";

    /** What has to be there, for people. */
    public static final String INSTALLATION = "Debian: postgresql-15-wal2json (or of another version); and " + VARIABLE
            + " names the file sql/walrus--0.1.sql of https://github.com/supabase/walrus";

    private static final String POLL = """
            SELECT cardinality(judged.subscription_ids), array_length(judged.errors, 1)
            FROM pg_logical_slot_get_changes('walrus', NULL, NULL, 'format-version', '2', 'include-pk', 'true',
                    'include-transaction', 'false', 'include-timestamp', 'true', 'include-type-oids', 'true',
                    'add-tables', 'public.messages') AS change,
                realtime.apply_rls(change.data::jsonb, 1048576) AS judged""";

    private final Connection connection;
    private final PreparedStatement poll;
    private final int members;

    private Walrus(Connection connection, int members) throws SQLException {
        this.connection = connection;
        this.poll = connection.prepareStatement(POLL);
        this.members = members;
    }

    /** The file of its SQL, where somebody has named one. */
    public static Optional<Path> sql() {
        return Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of).filter(Files::isRegularFile);
    }

    /**
     * Installs it in a database, and subscribes users to the messages.
     *
     * @param members how many of the users, the first, see the messages
     */
    public static Walrus install(Path sql, PublishedDatabase database, List<UUID> users, int members)
            throws IOException, SQLException {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            // Both have a schema of this name.
            statement.execute("ALTER SCHEMA realtime RENAME TO realtime_of_the_service");
            statement.execute(Files.readString(sql));
            try (PreparedStatement subscribe = connection.prepareStatement(
                    "INSERT INTO realtime.subscription (subscription_id, entity, claims)"
                            + " VALUES (?, 'public.messages', jsonb_build_object('role', 'authenticated', 'sub', ?::text))")) {
                for (UUID user : users) {
                    subscribe.setObject(1, UUID.randomUUID());
                    subscribe.setObject(2, user);
                    subscribe.addBatch();
                }
                subscribe.executeBatch();
            }
            statement.execute("SELECT pg_create_logical_replication_slot('walrus', '" + PLUGIN + "')");
            return new Walrus(connection, members);
        } catch (IOException | SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Judges what has been committed, and returns how many changes that were.
     *
     * @throws IllegalStateException when it did not find exactly the members
     */
    public int judge() throws SQLException {
        int changes = 0;
        try (ResultSet rows = poll.executeQuery()) {
            while (rows.next()) {
                if (rows.getInt(1) != members || rows.getInt(2) > 0) {
                    throw new IllegalStateException("walrus shows a message to " + rows.getInt(1)
                            + " users, not to the " + members + " members");
                }
                changes++;
            }
        }
        return changes;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
