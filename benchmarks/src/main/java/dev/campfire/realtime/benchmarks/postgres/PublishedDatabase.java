package dev.campfire.realtime.benchmarks.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A database with the tables, the publication and the policies of the service, one conversation in it, and one reader of
 * its publication.
 */
public final class PublishedDatabase {

    public static final String PUBLICATION = "supabase_realtime";

    /** The role that rls-policies.sql makes for the service, with no more rights than it needs. */
    public static final String SERVICE_ROLE = "campfire_realtime";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final DatabaseServer server;
    private final String name;
    private final UUID organization = UUID.randomUUID();
    private final UUID conversation = UUID.randomUUID();

    private PublishedDatabase(DatabaseServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /** Makes it, with the files that {@code campfire init} applies. */
    public static PublishedDatabase create(DatabaseServer server, String name) throws SQLException, IOException {
        PublishedDatabase database = new PublishedDatabase(server, name);
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(resource("/sql/publication.sql"));
            statement.execute(resource("/sql/rls-policies.sql"));
            statement.execute(resource("/sql/realtime.sql"));
        }
        database.openConversation(database.conversation);
        return database;
    }

    private static String resource(String path) throws IOException {
        try (InputStream in = PublishedDatabase.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException(path + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public DatabaseServer server() {
        return server;
    }

    public String name() {
        return name;
    }

    public UUID organization() {
        return organization;
    }

    public UUID conversation() {
        return conversation;
    }

    /** The channel that the conversation's messages go to. */
    public String channel() {
        return channel(conversation);
    }

    public String channel(UUID ofConversation) {
        return "org:" + organization + ":conv:" + ofConversation;
    }

    /** Inserts one more conversation. */
    public void openConversation(UUID id) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO public.conversations (id, organization_id) VALUES (?, ?)")) {
            insert.setObject(1, id);
            insert.setObject(2, organization);
            insert.executeUpdate();
        }
    }

    /** A connection as superuser, in auto-commit. */
    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    /** Waits until a reader streams from its slot in this database, and says which walsender serves it. */
    public Walsender awaitReader() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection = connect()) {
            while (true) {
                Optional<Walsender> found = reader(connection);
                if (found.isPresent()) {
                    return found.get();
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("nobody reads the publication of " + name + " after " + PATIENCE);
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    private Optional<Walsender> reader(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT s.active_pid FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = s.active_pid"
                        + " WHERE s.database = ? AND r.state = 'streaming'")) {
            query.setString(1, name);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? Optional.of(new Walsender(server, rows.getLong(1))) : Optional.empty();
            }
        }
    }
}
