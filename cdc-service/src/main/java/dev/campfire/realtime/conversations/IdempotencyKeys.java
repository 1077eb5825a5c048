package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.Impersonation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which calls were answered, and how: the table {@code campfire.idempotency_keys}, which only the service's own role may
 * read and write. A key lives and dies with the transaction that does the work, so it holds exactly when the work was
 * done; whoever brings it meanwhile waits for that.
 */
final class IdempotencyKeys {

    /** How long an answer is kept, in words of Postgres. */
    private static final String LIFETIME = "24 hours";

    private static final String CLAIM = """
            INSERT INTO campfire.idempotency_keys AS known (id, fingerprint, expires_at)
            VALUES (?, ?, pg_catalog.now() + interval '%s')
            ON CONFLICT (id) DO UPDATE
               SET fingerprint = excluded.fingerprint, answer = NULL, expires_at = excluded.expires_at
             WHERE known.expires_at <= pg_catalog.now()
            """.formatted(LIFETIME);

    private static final String FIND =
            "SELECT fingerprint, answer FROM campfire.idempotency_keys WHERE id = ? AND answer IS NOT NULL";

    private static final String ANSWER =
            Impersonation.END + "; UPDATE campfire.idempotency_keys SET answer = ? WHERE id = ?";

    /** In pieces, so that none holds many locks for long. */
    private static final String PURGE = """
            DELETE FROM campfire.idempotency_keys WHERE id IN (
              SELECT id FROM campfire.idempotency_keys WHERE expires_at <= pg_catalog.now() LIMIT 10000)""";

    private IdempotencyKeys() {}

    /**
     * Takes the key for this transaction, in the service's own role; waits for another that has it.
     *
     * @return the answer that was given already; null when this transaction has to do the work
     * @throws Refusal when the key was used for another body
     */
    static @Nullable String claim(Connection connection, IdempotencyKey key) throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setBytes(1, key.id());
            claim.setBytes(2, key.fingerprint());
            if (claim.executeUpdate() == 1) {
                return null;
            }
        }
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setBytes(1, key.id());
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    throw Refusal.of(Refusal.Reason.CONFLICT, "A call with this key is being answered.");
                }
                if (!Arrays.equals(row.getBytes(1), key.fingerprint())) {
                    throw Refusal.of(
                            Refusal.Reason.KEY_REUSED,
                            "This idempotency key was used with another body. Take a new key for each message.");
                }
                return row.getString(2);
            }
        }
    }

    /** Keeps the answer, and leaves the service's own role in force. */
    static void answer(Connection connection, IdempotencyKey key, String answer) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ANSWER)) {
            statement.setString(1, answer);
            statement.setBytes(2, key.id());
            statement.execute();
        }
    }

    /** Forgets some of the answers whose time is over, and says how many. */
    static int purge(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PURGE)) {
            return statement.executeUpdate();
        }
    }
}
