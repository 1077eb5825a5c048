package dev.campfire.realtime.benchmarks.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;

/**
 * Writes messages whose content carries a number, and finds that number again in whatever bytes a message arrives as:
 * every reader shows text as text, so no reader has to be parsed, which would cost more than what is measured.
 *
 * <p>For one thread.
 */
public final class NumberedMessages implements AutoCloseable {

    /** What {@link #find} returns when there is no number. */
    public static final int NONE = -1;

    private static final String MARK = "bench=";
    private static final byte[] MARK_BYTES = MARK.getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 9;
    private static final String COLUMNS =
            "INSERT INTO public.messages" + " (conversation_id, organization_id, content, sender_type, sender_name)";

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement insertMany;
    private final String padding;

    /** @param contentLength how many characters a message's content has, the number included */
    public NumberedMessages(PublishedDatabase database, int contentLength) throws SQLException {
        this.padding = "x".repeat(Math.max(0, contentLength - MARK.length() - DIGITS));
        this.connection = database.connect();
        try {
            connection.setAutoCommit(false);
            insert = connection.prepareStatement(COLUMNS + " VALUES (?, ?, ?, 'customer', 'Load')");
            insertMany = connection.prepareStatement(COLUMNS + " SELECT ?, ?, '" + MARK + "' || lpad(n::text, " + DIGITS
                    + ", '0') || ?, 'customer', 'Load' FROM generate_series(?, ?) AS n");
            for (PreparedStatement statement : new PreparedStatement[] {insert, insertMany}) {
                statement.setObject(1, database.conversation());
                statement.setObject(2, database.organization());
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Inserts one message, which nobody sees until {@link #commit}. */
    public void insert(int number) throws SQLException {
        insert.setString(3, text(number) + padding);
        insert.executeUpdate();
    }

    public void commit() throws SQLException {
        connection.commit();
    }

    /** Inserts and commits these messages in one transaction. */
    public void commitMany(int first, int last) throws SQLException {
        insertMany.setString(3, padding);
        insertMany.setInt(4, first);
        insertMany.setInt(5, last);
        insertMany.executeUpdate();
        connection.commit();
    }

    /** What {@link #find} finds this number in. */
    public static String text(int number) {
        return String.format(Locale.ROOT, "%s%0" + DIGITS + "d", MARK, number);
    }

    /** The number in these bytes, or {@link #NONE}. */
    public static int find(byte[] bytes, int from, int to) {
        int last = to - MARK_BYTES.length - DIGITS;
        for (int i = from; i <= last; i++) {
            if (bytes[i] == MARK_BYTES[0] && isMark(bytes, i)) {
                return number(bytes, i + MARK_BYTES.length);
            }
        }
        return NONE;
    }

    private static boolean isMark(byte[] bytes, int at) {
        for (int i = 1; i < MARK_BYTES.length; i++) {
            if (bytes[at + i] != MARK_BYTES[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int at) {
        int number = 0;
        for (int i = at; i < at + DIGITS; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
