package dev.campfire.realtime.app;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** The sample organisation, its agent and its conversation, with the ids that the standards' tests use. */
final class DemoRows {

    static final UUID ORGANIZATION = UUID.fromString("b5e80170-004c-4e82-a88c-3e2166b169dd");
    static final UUID CONVERSATION = UUID.fromString("48eedfba-2568-4231-bb38-2ce20420900d");

    /** jam@jam.com, an active admin of the organisation. */
    static final UUID AGENT = UUID.fromString("6f1f6c52-3c1f-4b5e-9d3a-8d2a5b7c4e10");

    private DemoRows() {}

    /** Makes them where they are missing. */
    static void insert(Connection connection) throws SQLException {
        execute(
                connection,
                "INSERT INTO public.organization_members (organization_id, user_id, role, status)"
                        + " VALUES (?, ?, 'admin', 'active') ON CONFLICT DO NOTHING",
                ORGANIZATION,
                AGENT);
        execute(
                connection,
                "INSERT INTO public.conversations (id, organization_id, customer_name, customer_email, subject)"
                        + " VALUES (?, ?, 'Ada Visitor', 'ada@example.com', 'A first question')"
                        + " ON CONFLICT DO NOTHING",
                CONVERSATION,
                ORGANIZATION);
    }

    /** Inserts a message into the sample conversation, and gives its id. */
    static UUID insertMessage(Connection connection, String content, String senderType) throws SQLException {
        UUID id = UUID.randomUUID();
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO public.messages (id, conversation_id, organization_id, content, sender_type, sender_name)"
                        + " VALUES (?, ?, ?, ?, ?, ?)")) {
            statement.setObject(1, id);
            statement.setObject(2, CONVERSATION);
            statement.setObject(3, ORGANIZATION);
            statement.setString(4, content);
            statement.setString(5, senderType);
            statement.setString(6, senderType.equals("customer") ? "Ada Visitor" : "Jam");
            statement.executeUpdate();
        }
        return id;
    }

    private static void execute(Connection connection, String sql, UUID... ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < ids.length; i++) {
                statement.setObject(i + 1, ids[i]);
            }
            statement.executeUpdate();
        }
    }
}
