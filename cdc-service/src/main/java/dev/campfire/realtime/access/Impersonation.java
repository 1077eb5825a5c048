package dev.campfire.realtime.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.UUID;

/**
 * Makes a transaction somebody's: from {@link #begin} to {@link #end}, or to the transaction's end, Postgres takes it for
 * the holder of a token, with the role that the token names and its claims in force.
 */
public final class Impersonation {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final String MAY_BECOME =
            " FROM pg_catalog.pg_roles WHERE rolname = ? AND NOT rolsuper AND rolname <> session_user"
                    + " AND pg_catalog.pg_has_role(session_user, oid, 'MEMBER')";

    /** The role last: whoever has become somebody else may be unable to say more. */
    private static final String BEGIN = """
            SELECT pg_catalog.set_config('realtime.topic', ?, true),
                   pg_catalog.set_config('request.jwt.claims', ?, true),
                   pg_catalog.set_config('request.jwt.claim.sub', ?, true),
                   pg_catalog.set_config('request.jwt.claim.role', ?, true),
                   pg_catalog.set_config('request.headers', ?, true),
                   pg_catalog.set_config('role', rolname, true)
            """ + MAY_BECOME;

    private static final String INSERT =
            "INSERT INTO realtime.messages (id, topic, extension, private) VALUES (?, ?, ?, true)";

    private Impersonation() {}

    /** Whether the service's role may become the one that the token names. No role that policies never bind counts. */
    static boolean isPossible(Connection connection, ChannelUser user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT true" + MAY_BECOME)) {
            statement.setString(1, user.claims().role());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Becomes the user, or gives false and stays what it was, when the service's role may not. */
    public static boolean begin(Connection connection, ChannelUser user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGIN)) {
            String subject = user.claims().subject();
            statement.setString(1, user.topic());
            statement.setString(2, user.claims().json());
            statement.setString(3, subject == null ? "" : subject);
            statement.setString(4, user.claims().role());
            statement.setString(5, user.headers());
            statement.setString(6, user.claims().role());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Becomes the service's own role again. */
    public static void end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL ROLE NONE");
        }
    }

    /** Moves the user to another channel. */
    public static void moveTo(Connection connection, String topic) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.set_config('realtime.topic', ?, true)")) {
            statement.setString(1, topic);
            statement.execute();
        }
    }

    /**
     * Whether the one who has been become may send on the channel where they are: whether a row of it may be inserted,
     * which is undone at once.
     */
    public static boolean maySend(Connection connection, String topic, Extension extension) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            insert(connection, UUID.randomUUID(), topic, extension);
            return true;
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        } finally {
            connection.rollback(before);
        }
    }

    static void insert(Connection connection, UUID id, String topic, Extension extension) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, id);
            statement.setString(2, topic);
            statement.setString(3, extension.text());
            statement.execute();
        }
    }
}
