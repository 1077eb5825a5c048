package dev.campfire.realtime.app;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** The sample organisation, its agent and its conversations; the first has the ids that the standards' tests use. */
final class DemoRows {

    static final UUID ORGANIZATION = UUID.fromString("b5e80170-004c-4e82-a88c-3e2166b169dd");
    static final UUID CONVERSATION = UUID.fromString("48eedfba-2568-4231-bb38-2ce20420900d");

    /** jam@jam.com, an active admin of the organisation. */
    static final UUID AGENT = UUID.fromString("6f1f6c52-3c1f-4b5e-9d3a-8d2a5b7c4e10");

    static final String AGENT_NAME = "Jam";

    /**
     * A conversation, the visitor who began it, and how.
     *
     * @param visitor what the visitor's token calls them
     */
    record Sample(UUID id, String visitor, String name, String subject, String opening) {

        private static Sample of(String id, String visitor, String name, String subject, String opening) {
            return new Sample(UUID.fromString(id), visitor, name, subject, opening);
        }

        private String email() {
            return visitor + "@example.com";
        }

        private UUID openingId() {
            return UUID.nameUUIDFromBytes(("opening of " + id).getBytes(StandardCharsets.UTF_8));
        }
    }

    static final List<Sample> SAMPLES = List.of(
            new Sample(
                    CONVERSATION, "ada", "Ada Visitor", "A first question", "Hello! Does the lamp come with a bulb?"),
            Sample.of(
                    "5d0b6c1e-7f0a-4b7e-9a55-0c6f3a1e2b01",
                    "ben",
                    "Ben Buyer",
                    "Where is my order?",
                    "My order should have been here on Monday."),
            Sample.of(
                    "5d0b6c1e-7f0a-4b7e-9a55-0c6f3a1e2b02",
                    "cleo",
                    "Cleo Client",
                    "An invoice, twice",
                    "I was sent the same invoice twice."),
            Sample.of(
                    "5d0b6c1e-7f0a-4b7e-9a55-0c6f3a1e2b03",
                    "dan",
                    "Dan Doubter",
                    "Does it fit?",
                    "Will the shelf fit a wall of 120 cm?"),
            Sample.of(
                    "5d0b6c1e-7f0a-4b7e-9a55-0c6f3a1e2b04",
                    "eve",
                    "Eve Early",
                    "Opening hours",
                    "Are you open before nine?"));

    private DemoRows() {}

    /** Makes them where they are missing. */
    static void insert(Connection connection) throws SQLException {
        execute(
                connection,
                "INSERT INTO public.organization_members (organization_id, user_id, role, status)"
                        + " VALUES (?, ?, 'admin', 'active') ON CONFLICT DO NOTHING",
                ORGANIZATION,
                AGENT);
        for (Sample sample : SAMPLES) {
            execute(
                    connection,
                    "INSERT INTO public.conversations (id, organization_id, customer_name, customer_email, subject)"
                            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    sample.id(),
                    ORGANIZATION,
                    sample.name(),
                    sample.email(),
                    sample.subject());
            execute(
                    connection,
                    "INSERT INTO public.messages"
                            + " (id, conversation_id, organization_id, content, sender_type, sender_name)"
                            + " VALUES (?, ?, ?, ?, 'customer', ?) ON CONFLICT DO NOTHING",
                    sample.openingId(),
                    sample.id(),
                    ORGANIZATION,
                    sample.opening(),
                    sample.name());
        }
    }

    /** Inserts a message into the first conversation, and gives its id. */
    static UUID insertMessage(Connection connection, String content, String senderType) throws SQLException {
        UUID id = UUID.randomUUID();
        execute(
                connection,
                "INSERT INTO public.messages (id, conversation_id, organization_id, content, sender_type, sender_name)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                id,
                CONVERSATION,
                ORGANIZATION,
                content,
                senderType,
                senderType.equals("customer") ? SAMPLES.getFirst().name() : AGENT_NAME);
        return id;
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
