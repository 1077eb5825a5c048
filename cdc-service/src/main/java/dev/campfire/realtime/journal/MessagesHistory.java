package dev.campfire.realtime.journal;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The broadcasts that stand in {@code realtime.messages}. Safe for use by several threads.
 *
 * <p>The table does not say in which order its rows were committed: {@code inserted_at} is when a transaction began. So
 * the positions of the rows that the stream brought lately are remembered, and those are told in their order; older ones
 * in the order of their transactions' begin, and within one transaction in that of its commands.
 */
public final class MessagesHistory implements BroadcastHistory {

    private static final int REMEMBERED = 65_536;

    /** Rows of the same transaction have the same time: the newest are those whose commands came last. */
    private static final String NEWEST = """
            SELECT id, event, payload::text, binary_payload, inserted_at
              FROM realtime.messages
             WHERE topic = ? AND private AND extension = 'broadcast' AND event IS NOT NULL
               AND (payload IS NOT NULL OR binary_payload IS NOT NULL)
               AND inserted_at >= ? AND inserted_at < pg_catalog.now() AT TIME ZONE 'UTC' + interval '1 minute'
             ORDER BY inserted_at DESC, cmin::text::bigint DESC, tableoid DESC, ctid DESC LIMIT ?""";

    private static final Position UNKNOWN = new Position(new ChangeId(0, 0, 0), 0);

    private final Database database;
    private final Map<String, Position> positions = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
            return size() > REMEMBERED;
        }
    };

    public MessagesHistory(Database database) {
        this.database = database;
    }

    /** Learns where in the order of commits a broadcast stands. */
    public void remember(Event event) {
        synchronized (positions) {
            positions.put(event.id(), event.position());
        }
    }

    private @Nullable Position position(String id) {
        synchronized (positions) {
            return positions.get(id);
        }
    }

    @Override
    public CompletionStage<List<Event>> since(String topic, Instant since, int limit) {
        return database.askLater(connection -> {
            becomeReader(connection);
            return inOrder(newest(connection, topic, since, limit));
        });
    }

    /** Who joins has been asked about already; the rows are read as a role that sees all of them. */
    private static void becomeReader(Connection connection) throws SQLException {
        String sql = "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'service_role' AND rolbypassrls"
                + " AND pg_catalog.pg_has_role(session_user, oid, 'MEMBER')";
        try (Statement statement = connection.createStatement()) {
            boolean mayRead;
            try (ResultSet row = statement.executeQuery(sql)) {
                mayRead = row.next();
            }
            if (mayRead) {
                statement.execute("SET LOCAL ROLE service_role");
            }
        }
    }

    private List<Event> newest(Connection connection, String topic, Instant since, int limit) throws SQLException {
        List<Event> events = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
            statement.setString(1, topic);
            statement.setObject(2, LocalDateTime.ofInstant(since, ZoneOffset.UTC));
            statement.setInt(3, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    events.add(event(row, topic));
                }
            }
        }
        return events.reversed();
    }

    private Event event(ResultSet row, String topic) throws SQLException {
        String id = row.getString(1);
        String json = row.getString(3);
        byte[] binary = row.getBytes(4);
        Position position = position(id);
        return new Event(
                position == null ? UNKNOWN : position,
                id,
                topic,
                true,
                row.getString(2),
                row.getObject(5, LocalDateTime.class).toInstant(ZoneOffset.UTC),
                json == null,
                json != null ? json.getBytes(StandardCharsets.UTF_8) : binary == null ? new byte[0] : binary);
    }

    /** Those that the stream has brought are newer than all others. */
    private static List<Event> inOrder(List<Event> events) {
        List<Event> sorted = new ArrayList<>(events);
        sorted.sort(Comparator.comparing(Event::position));
        return sorted;
    }
}
