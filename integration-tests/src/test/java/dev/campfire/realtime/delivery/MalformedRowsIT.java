package dev.campfire.realtime.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.SharedBackend;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application whose ids are text, so that anything can be in them: rows without a good id stop nothing. */
@ExtendWith(SharedBackend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedRowsIT {

    private final Database database;
    private final ServiceProcess service;
    private final String organization = UUID.randomUUID().toString();
    private final String conversation = UUID.randomUUID().toString();
    private final String channel = "org:" + organization + ":conv:" + conversation;

    MalformedRowsIT(Backend backend) {
        this.database = Database.create(backend.server(), """
                CREATE TABLE conversations (id text PRIMARY KEY, organization_id text, assigned_agent_id text);
                CREATE TABLE messages (
                  id text PRIMARY KEY DEFAULT gen_random_uuid(), conversation_id text, organization_id text, content text);
                GRANT SELECT ON conversations, messages TO anon;
                """);
        this.service = ServiceProcess.forDatabase(database).startHealthy();
    }

    @AfterAll
    void close() {
        service.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NULL",
                "''",
                "'not a uuid'",
                "'org:' || gen_random_uuid() || ':conv:x'",
                "E'a\\nb'",
                "repeat('x', 100000)",
                "'00000000-0000-0000-0000-00000000000g'",
                "'*'",
                "'🔥'"
            })
    void a_row_with_this_id_goes_nowhere_and_the_next_row_arrives(String id) {
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            socket.join(channel);

            insert(id, "'" + organization + "'", "malformed");
            insert("'" + conversation + "'", id, "malformed");
            database.execute("UPDATE messages SET content = 'changed' WHERE content = 'malformed'");
            database.execute("DELETE FROM messages WHERE content = 'changed'");
            insertGoodRow();

            socket.awaitBroadcast("message:created");
            assertThat(socket.drain()).isEmpty();
            assertThat(service.health().good()).isTrue();
        }
    }

    @Test
    void malformed_rows_are_logged_once_however_many_come() {
        for (int i = 0; i < 50; i++) {
            insert("'malformed " + i + "'", "'" + organization + "'", "malformed");
        }
        try (PhoenixSocket socket = PhoenixSocket.open(service.port(), "2.0.0")) {
            socket.join(channel);
            insertGoodRow();
            socket.awaitBroadcast("message:created");
        }

        assertThat(service.log())
                .filteredOn(line -> line.contains("messages")
                        && line.toLowerCase(Locale.ROOT).contains("uuid"))
                .hasSize(1)
                .noneMatch(line -> line.contains("malformed 1"));
    }

    private void insertGoodRow() {
        insert("'" + conversation + "'", "'" + organization + "'", "good");
    }

    private void insert(String conversationId, String organizationId, String content) {
        database.execute("INSERT INTO messages (conversation_id, organization_id, content) VALUES (" + conversationId
                + ", " + organizationId + ", '" + content + "')");
    }
}
