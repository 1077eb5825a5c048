package dev.campfire.realtime.benchmarks.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** An organisation whose messages the policies show to its members, and the writer of these. For one thread. */
public final class Organization implements AutoCloseable {

    private final PublishedDatabase database;
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement touch;

    /** @param members user ids of those who are made active members */
    public Organization(PublishedDatabase database, List<UUID> members) throws SQLException {
        this.database = database;
        this.connection = database.connect();
        connection.setAutoCommit(false);
        try (PreparedStatement member = connection.prepareStatement(
                "INSERT INTO public.organization_members (organization_id, user_id, role, status)"
                        + " VALUES (?, ?, 'agent', 'active')")) {
            for (UUID user : members) {
                member.setObject(1, database.organization());
                member.setObject(2, user);
                member.addBatch();
            }
            member.executeBatch();
        }
        connection.commit();
        // As Postgres does by itself within a minute: it plans otherwise when it knows how small its tables are.
        try (Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE");
        }
        connection.commit();
        insert = connection.prepareStatement(
                "INSERT INTO public.messages (conversation_id, organization_id, content, sender_type)"
                        + " SELECT ?, ?, repeat('x', 200), 'customer' FROM generate_series(1, ?)");
        insert.setObject(1, database.conversation());
        insert.setObject(2, database.organization());
        touch = connection.prepareStatement(
                "UPDATE public.organization_members SET status = ? WHERE organization_id = ? AND user_id = ?");
        touch.setObject(2, database.organization());
    }

    /** Commits so many messages in one transaction. */
    public void say(int messages) throws SQLException {
        insert.setInt(3, messages);
        insert.executeUpdate();
        connection.commit();
    }

    /** Commits a membership's status, which makes every decision that rests on memberships be forgotten. */
    public void member(UUID user, String status) throws SQLException {
        touch.setString(1, status);
        touch.setObject(3, user);
        touch.executeUpdate();
        connection.commit();
    }

    /** The processes that answer the service's questions; its reader of changes is none of them. */
    public List<Long> questionBackends() throws SQLException {
        List<Long> pids = new ArrayList<>();
        try (Connection own = database.connect();
                Statement statement = own.createStatement();
                ResultSet row = statement.executeQuery("SELECT pid FROM pg_stat_activity WHERE usename = '"
                        + PublishedDatabase.SERVICE_ROLE + "' AND backend_type = 'client backend'")) {
            while (row.next()) {
                pids.add(row.getLong(1));
            }
        }
        return pids;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
