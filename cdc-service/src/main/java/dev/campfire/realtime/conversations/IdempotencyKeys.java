package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.Impersonation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
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

    /** Keys in an order that all calls share, because whoever comes second waits. */
    private static final String KEEP = Impersonation.END + """
            ; INSERT INTO campfire.idempotency_keys (id, fingerprint, answer, expires_at)
            SELECT id, fingerprint, answer, pg_catalog.now() + interval '%s'
              FROM ROWS FROM (pg_catalog.unnest(?::bytea[]), pg_catalog.unnest(?::bytea[]), pg_catalog.unnest(?::text[]))
                AS kept (id, fingerprint, answer) ORDER BY id
            ON CONFLICT (id) DO NOTHING RETURNING true
            """.formatted(LIFETIME);

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

    /**
     * Takes keys with their answers, and leaves the service's own role in force; waits for others that have them.
     *
     * @return false when one of them was taken; then nothing may stay
     */
    static boolean keep(Connection connection, List<IdempotencyKey> keys, List<String> answers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KEEP)) {
            Object[] ids = keys.stream().map(IdempotencyKey::id).toArray(byte[][]::new);
            Object[] fingerprints =
                    keys.stream().map(IdempotencyKey::fingerprint).toArray(byte[][]::new);
            statement.setArray(1, connection.createArrayOf("bytea", ids));
            statement.setArray(2, connection.createArrayOf("bytea", fingerprints));
            statement.setArray(3, connection.createArrayOf("text", answers.toArray()));
            statement.execute();
            statement.getMoreResults();
            int kept = 0;
            for (ResultSet rows = statement.getResultSet(); rows.next(); ) {
                kept++;
            }
            return kept == keys.size();
        }
    }

    /** Forgets some of the answers whose time is over, and says how many. */
    static int purge(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PURGE)) {
            return statement.executeUpdate();
        }
    }
}
