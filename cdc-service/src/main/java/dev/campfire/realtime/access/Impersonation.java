package dev.campfire.realtime.access;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/**
 * Makes a transaction somebody's: from {@link #begin} to the transaction's end, or {@link #END}, Postgres takes it for
 * the holder of a token, with the role that the token names and its claims in force.
 */
public final class Impersonation {

    /** A statement that makes the transaction the service's own again. */
    public static final String END = "SET LOCAL ROLE NONE";

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final String MAY_BECOME =
            " FROM pg_catalog.pg_roles WHERE rolname = ? AND NOT rolsuper AND rolname <> session_user"
                    + " AND pg_catalog.pg_has_role(session_user, oid, 'MEMBER')";

    /**
     * Becomes a user: has a row when that was done, and none when the service's role may not. The role last: whoever has
     * become somebody else may be unable to say more.
     */
    public static final String BEGIN = """
            SELECT pg_catalog.set_config('realtime.topic', ?, true),
                   pg_catalog.set_config('request.jwt.claims', ?, true),
                   pg_catalog.set_config('request.jwt.claim.sub', ?, true),
                   pg_catalog.set_config('request.jwt.claim.role', ?, true),
                   pg_catalog.set_config('request.headers', ?, true),
                   pg_catalog.set_config('role', rolname, true)
            """ + MAY_BECOME;

    private static final String INSERT =
            "INSERT INTO realtime.messages (id, topic, extension, private) VALUES (?, ?, ?, true)";

    private static final String MOVE = "SELECT pg_catalog.set_config('realtime.topic', ?, true)";

    private static final String UNDO = "ROLLBACK TO SAVEPOINT may_send";

    private static final String SAVE = "SAVEPOINT may_send; ";

    private static final String PROBE = SAVE + INSERT + "; " + UNDO;

    private static final String BEGIN_TO_SEND = beginToSend(1);

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
            fill(statement, user);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void fill(PreparedStatement statement, ChannelUser user) throws SQLException {
        fill(statement, 0, user);
    }

    /**
     * Sets the parameters of {@link #BEGIN}.
     *
     * @param behind the last parameter in front of them
     * @return the last of them
     */
    public static int fill(PreparedStatement statement, int behind, ChannelUser user) throws SQLException {
        String subject = user.claims().subject();
        statement.setString(behind + 1, user.topic());
        statement.setString(behind + 2, user.claims().json());
        statement.setString(behind + 3, subject == null ? "" : subject);
        statement.setString(behind + 4, user.claims().role());
        statement.setString(behind + 5, user.headers());
        statement.setString(behind + 6, user.claims().role());
        return behind + 6;
    }

    /**
     * Becomes a user on the first of some channels, as {@link #BEGIN} does, and fails for lack of privilege when there is one on
     * which they may not send. Its first statement has a row when the user was become.
     *
     * @param topics how many channels
     */
    public static String beginToSend(int topics) {
        return BEGIN + "; " + SAVE + INSERT + ("; " + MOVE + "; " + INSERT).repeat(topics - 1) + "; " + UNDO;
    }

    /**
     * Sets the parameters of {@link #beginToSend(int)}.
     *
     * @param user on the first of the channels
     * @return the last parameter
     */
    public static int fillToSend(
            PreparedStatement statement, ChannelUser user, List<String> topics, Extension extension)
            throws SQLException {
        int last = fill(statement, 0, user);
        for (int i = 0; i < topics.size(); i++) {
            if (i > 0) {
                statement.setString(++last, topics.get(i));
            }
            last = probe(statement, last, topics.get(i), extension);
        }
        return last;
    }

    /**
     * Becomes the user on the channel that they want to send on, and says whether they may: whether a row of it may be
     * inserted, which is undone at once. All of it is one message to Postgres and back.
     *
     * @return false when they may not, and when the service's role may not become theirs
     */
    public static boolean beginToSend(Connection connection, ChannelUser user, Extension extension)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGIN_TO_SEND)) {
            fillToSend(statement, user, List.of(user.topic()), extension);
            // A role that may not be become leaves the service's own in force: what it may insert is nobody's answer.
            return statement.execute() && statement.getResultSet().next();
        } catch (SQLException e) {
            return undo(connection, e);
        }
    }

    /** Whether the one who has been become may send on a channel. */
    public static boolean maySend(Connection connection, String topic, Extension extension) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MOVE + "; " + PROBE)) {
            statement.setString(1, topic);
            probe(statement, 1, topic, extension);
            statement.execute();
            return true;
        } catch (SQLException e) {
            return undo(connection, e);
        }
    }

    private static int probe(PreparedStatement statement, int behind, String topic, Extension extension)
            throws SQLException {
        statement.setObject(behind + 1, UUID.randomUUID());
        statement.setString(behind + 2, topic);
        statement.setString(behind + 3, extension.text());
        return behind + 3;
    }

    private static boolean undo(Connection connection, SQLException e) throws SQLException {
        if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
            throw e;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(UNDO);
        }
        return false;
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
