package dev.campfire.realtime.access;

import dev.campfire.realtime.access.AuthorityException.Problem;
import dev.campfire.realtime.database.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets the policies of {@code realtime.messages} decide, as Supabase Realtime does: a channel may be read by whoever sees
 * a row of its topic, and written by whoever may insert one. The rows are real, and never committed.
 *
 * <p>The question is put in one transaction, as the role that the token names and with its claims in force. A role that
 * the service's own may not become, or that is a superuser, is allowed nothing.
 */
public final class MessagesAuthority implements ChannelAuthority {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String CHECK_VIOLATION = "23514";
    private static final String QUERY_CANCELED = "57014";
    private static final String TOO_MANY_CONNECTIONS = "53300";

    /** Rows to be looked for are written by this role, which no policy binds. */
    private static final String WRITER = """
            SELECT CASE WHEN pg_catalog.pg_has_role(session_user, oid, 'MEMBER') THEN rolname END
              FROM pg_catalog.pg_roles WHERE rolname = 'service_role' AND rolbypassrls""";

    /** All of a question in one message to Postgres and back: as the writer, as the user, and what the user sees. */
    private static final String READ =
            """
            SELECT pg_catalog.set_config('role', rolname, true) FROM pg_catalog.pg_roles
             WHERE rolname = 'service_role' AND rolbypassrls AND pg_catalog.pg_has_role(session_user, oid, 'MEMBER');
            INSERT INTO realtime.messages (id, topic, extension, private)
              SELECT id, ?, extension, true
                FROM ROWS FROM (pg_catalog.unnest(?::uuid[]), pg_catalog.unnest(?::text[])) AS probe (id, extension);
            """ + Impersonation.BEGIN + "; SELECT id FROM realtime.messages WHERE id = ANY (?)";

    private final Database database;

    /** Questions that have not been put yet: many clients who come at once often ask the same. */
    private final ConcurrentMap<Reading, CompletableFuture<Set<Extension>>> waiting = new ConcurrentHashMap<>();

    private record Reading(ChannelUser user, Set<Extension> asked) {

        /** Written out, as {@link #hashCode()} is: what Java makes of a record it assembles at the first join of each start. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Reading reading && user.equals(reading.user) && asked.equals(reading.asked);
        }

        @Override
        public int hashCode() {
            return 31 * user.hashCode() + asked.hashCode();
        }
    }

    public MessagesAuthority(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Set<Extension>> readable(ChannelUser user, Set<Extension> asked) {
        Reading reading = new Reading(user, Set.copyOf(asked));
        CompletableFuture<Set<Extension>> answer = new CompletableFuture<>();
        CompletableFuture<Set<Extension>> same = waiting.putIfAbsent(reading, answer);
        if (same != null) {
            return explained(same);
        }
        database.askLater(connection -> {
                    // Whoever comes from now on is to be judged by how it is from now on.
                    waiting.remove(reading, answer);
                    return readable(connection, user, asked);
                })
                .whenComplete((readable, failure) -> {
                    waiting.remove(reading, answer);
                    if (failure == null) {
                        answer.complete(readable);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
        return explained(answer);
    }

    private static CompletionStage<Set<Extension>> explained(CompletableFuture<Set<Extension>> answer) {
        return answer.exceptionally(failure -> {
            throw explain(failure);
        });
    }

    @Override
    public CompletionStage<Boolean> isWritable(ChannelUser user, Extension extension) {
        return database.askLater(connection -> Impersonation.beginToSend(connection, user, extension))
                .exceptionally(failure -> {
                    throw explain(failure);
                });
    }

    private static Set<Extension> readable(Connection connection, ChannelUser user, Set<Extension> asked)
            throws SQLException {
        try {
            return readableAtOnce(connection, user, asked);
        } catch (SQLException e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            // Whose it was that is missing, the service's or the user's, is seen step by step.
            connection.rollback();
            return Impersonation.isPossible(connection, user) ? readableByStep(connection, user, asked) : Set.of();
        }
    }

    private static Set<Extension> readableAtOnce(Connection connection, ChannelUser user, Set<Extension> asked)
            throws SQLException {
        List<Extension> extensions = List.copyOf(asked);
        List<UUID> probes = extensions.stream().map(any -> UUID.randomUUID()).toList();
        Object[] names = extensions.stream().map(Extension::text).toArray();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            Array ids = connection.createArrayOf("uuid", probes.toArray());
            statement.setString(1, user.topic());
            statement.setArray(2, ids);
            statement.setArray(3, connection.createArrayOf("text", names));
            int last = Impersonation.fill(statement, 3, user);
            statement.setArray(last + 1, ids);
            statement.execute();
            statement.getMoreResults();
            statement.getMoreResults();
            if (!statement.getResultSet().next()) {
                return Set.of();
            }
            statement.getMoreResults();
            Set<Extension> visible = EnumSet.noneOf(Extension.class);
            ResultSet row = statement.getResultSet();
            while (row.next()) {
                visible.add(extensions.get(probes.indexOf(row.getObject(1, UUID.class))));
            }
            return visible;
        }
    }

    private static Set<Extension> readableByStep(Connection connection, ChannelUser user, Set<Extension> asked)
            throws SQLException {
        becomeWriter(connection);
        Map<Extension, UUID> probes = new EnumMap<>(Extension.class);
        for (Extension extension : asked) {
            UUID id = UUID.randomUUID();
            probes.put(extension, id);
            Impersonation.insert(connection, id, user.topic(), extension);
        }
        if (!Impersonation.begin(connection, user)) {
            return Set.of();
        }
        Set<Extension> visible = EnumSet.noneOf(Extension.class);
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id FROM realtime.messages WHERE id = ANY (?)")) {
            statement.setArray(
                    1, connection.createArrayOf("uuid", probes.values().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    UUID id = row.getObject(1, UUID.class);
                    probes.forEach((extension, probe) -> {
                        if (probe.equals(id)) {
                            visible.add(extension);
                        }
                    });
                }
            }
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return Set.of();
            }
            throw e;
        }
        return visible;
    }

    private static void becomeWriter(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(WRITER)) {
            String writer = row.next() ? row.getString(1) : null;
            if (writer == null) {
                // The service's own role may be one that policies do not bind; where it is not, the insert says so.
                return;
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL ROLE service_role");
        }
    }

    static AuthorityException explain(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = String.valueOf(cause.getMessage());
        if (!(cause instanceof SQLException e)) {
            return new AuthorityException(Problem.UNREACHABLE, message, cause);
        }
        return new AuthorityException(problem(e), message, e);
    }

    private static Problem problem(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (e instanceof SQLTransientConnectionException) {
            SQLException inner = e.getCause() instanceof SQLException cause ? cause : null;
            boolean isFull = inner != null && TOO_MANY_CONNECTIONS.equals(inner.getSQLState());
            return isFull ? Problem.TOO_MANY_CONNECTIONS : inner == null ? Problem.POOL_EXHAUSTED : Problem.UNREACHABLE;
        }
        return switch (state) {
            case UNDEFINED_TABLE -> Problem.NOT_SET_UP;
            case CHECK_VIOLATION -> Problem.MISSING_PARTITION;
            case QUERY_CANCELED -> Problem.QUERY_CANCELED;
            case TOO_MANY_CONNECTIONS -> Problem.TOO_MANY_CONNECTIONS;
            default -> state.startsWith("08") || state.startsWith("57P") ? Problem.UNREACHABLE : Problem.POLICY;
        };
    }
}
