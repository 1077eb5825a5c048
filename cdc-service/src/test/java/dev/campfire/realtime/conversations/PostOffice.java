package dev.campfire.realtime.conversations;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.operations.DatabaseSetup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A database to post to, with three connections for it. */
final class PostOffice implements AutoCloseable {

    final Database database;
    final Messages messages;
    private final EmbeddedPostgres postgres;

    PostOffice() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            DatabaseSetup.shipped().apply(connection);
        }
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "campfire_realtime", "", Map.of()),
                3);
        messages = new Messages(database, ProtectedChannels.STANDARD);
    }

    @Override
    public void close() throws IOException {
        database.close();
        postgres.close();
    }

    /** As the superuser. */
    void run(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What the superuser reads. */
    List<String> column(String sql) throws SQLException {
        List<String> column = new ArrayList<>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                column.add(rows.getString(1));
            }
        }
        return column;
    }

    UUID conversation(UUID organization) throws SQLException {
        UUID id = UUID.randomUUID();
        run("INSERT INTO conversations (id, organization_id) VALUES ('" + id + "', '" + organization + "')");
        return id;
    }

    void member(UUID organization, UUID user, String role) throws SQLException {
        run("INSERT INTO organization_members (organization_id, user_id, role) VALUES ('" + organization + "', '" + user
                + "', '" + role + "')");
    }

    CompletableFuture<Messages.Created> post(Participant caller, JsonNode body, @Nullable String key) {
        return messages.create(
                        caller,
                        MessageDraft.read(body),
                        key == null ? null : IdempotencyKey.of(key, caller, "POST", body))
                .toCompletableFuture();
    }

    static Participant caller(String role, UUID subject) {
        String json = "{\"role\":\"" + role + "\",\"sub\":\"" + subject + "\"}";
        return new Participant(
                new Claims(
                        role, Instant.MAX, subject.toString(), Map.of("role", role, "sub", subject.toString()), json),
                "{}");
    }

    static JsonNode body(UUID organization, UUID conversation, String content, String more) {
        return Bodies.json("{'conversation_id':'" + conversation + "','organization_id':'" + organization
                + "','sender_type':'agent','content':'" + content + "'" + more + "}");
    }

    static String content(CompletableFuture<Messages.Created> answer) throws Exception {
        return Bodies.json(answer.get(20, TimeUnit.SECONDS).row())
                .path("content")
                .textValue();
    }

    static Refusal.@Nullable Reason refusal(CompletableFuture<Messages.Created> answer) {
        try {
            return answer.handle((created, failure) -> {
                        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                        return cause instanceof Refusal refusal ? refusal.reason() : null;
                    })
                    .get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    Held hold(UUID... conversations) throws SQLException {
        return new Held(List.of(conversations));
    }

    /** Conversations, held so that nothing is written to them until this is closed. */
    final class Held implements AutoCloseable {
        private final Connection connection = postgres.getPostgresDatabase().getConnection();

        private Held(List<UUID> conversations) throws SQLException {
            connection.setAutoCommit(false);
            for (UUID held : conversations) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT FROM conversations WHERE id = '" + held + "' FOR UPDATE");
                }
            }
        }

        void awaitWriters(int count) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            column("SELECT pid FROM pg_locks WHERE NOT granted").size() == count);
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }
}
