package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.conversations.Refusal.Reason;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.vocabulary.ChannelName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes messages on behalf of callers. Safe for use by several threads; stages fail with a {@link Refusal}. */
public final class Messages {

    private static final String FIND = """
            SELECT conversation_id, organization_id, pg_catalog.row_to_json(found)::text, %s
              FROM public.messages AS found WHERE id = ?""";

    private static final String RANK =
            "CASE status WHEN 'failed' THEN 1 WHEN 'delivered' THEN 2 WHEN 'read' THEN 3 ELSE 0 END";

    private static final String SET_STATUS = "UPDATE public.messages AS written SET status = ? WHERE id = ? AND " + RANK
            + " < ? RETURNING pg_catalog.row_to_json(written)::text";

    private final CallersTransactions transactions;
    private final WaitingPosts posts;

    /** @param protectedChannels the channels on which policies say who may send */
    public Messages(Database database, ProtectedChannels protectedChannels) {
        this.transactions = new CallersTransactions(database, protectedChannels);
        this.posts = new WaitingPosts(database, protectedChannels, this::createAlone);
    }

    /**
     * A message that is there now.
     *
     * @param row the row as it was written, as JSON
     * @param isRepeated whether an earlier call with the same key wrote it
     */
    public record Created(String row, boolean isRepeated) {}

    /**
     * Writes a message. With a key it is written once, however often and wherever the call is made; the answer is the
     * first one's.
     */
    public CompletionStage<Created> create(Participant caller, MessageDraft draft, @Nullable IdempotencyKey key) {
        CompletableFuture<Created> answer = new CompletableFuture<>();
        posts.add(new Post(caller, draft, key, answer));
        return answer;
    }

    /** Step by step, so that what is wrong can be told. */
    private void createAlone(Post post) {
        IdempotencyKey key = post.key();
        CompletableFuture<Created> created = transactions.change(connection -> {
            String earlier = key == null ? null : claim(connection, key);
            if (earlier != null) {
                return new Created(earlier, true);
            }
            String row = write(connection, post.caller(), post.draft());
            if (key != null) {
                IdempotencyKeys.answer(connection, key, row);
            }
            return new Created(row, false);
        });
        created.whenComplete((answer, failure) -> {
            if (failure == null) {
                post.answer().complete(answer);
            } else {
                post.answer().completeExceptionally(failure);
            }
        });
    }

    private static @Nullable String claim(Connection connection, IdempotencyKey key) {
        try {
            return IdempotencyKeys.claim(connection, key);
        } catch (SQLException e) {
            throw SqlRefusals.ofKeys(e);
        }
    }

    private String write(Connection connection, Participant caller, MessageDraft draft) throws SQLException {
        ChannelName channel = ChannelName.conversation(
                draft.organization().toString(), draft.conversation().toString());
        boolean maySend = transactions.enterToSend(connection, caller, channel);
        String row = maySend ? insert(connection, caller, draft) : null;
        if (row != null) {
            return row;
        }
        UUID organization = CallersTransactions.organizationOf(connection, draft.conversation());
        if (organization == null) {
            throw Refusal.noConversation();
        }
        if (!organization.equals(draft.organization())) {
            throw Refusal.invalid("organization_id", "must be that of the conversation");
        }
        throw Refusal.of(Reason.FORBIDDEN, "You may not write to this conversation.");
    }

    private static @Nullable String insert(Connection connection, Participant caller, MessageDraft draft)
            throws SQLException {
        MessageInsert insert = new MessageInsert(List.of(draft), caller.claims().role());
        try (PreparedStatement statement = connection.prepareStatement(insert.sql())) {
            insert.fill(statement, 0);
            return first(statement);
        }
    }

    /** Reports what has become of a message, and gives its row; a report that comes too late changes nothing. */
    public CompletionStage<String> setStatus(Participant caller, UUID message, MessageStatus status) {
        return transactions.change(connection -> {
            CallersTransactions.enter(connection, caller);
            Found before = find(connection, message);
            ChannelName channel = ChannelName.conversation(before.organization, before.conversation);
            if (!transactions.maySend(connection, channel)) {
                throw Refusal.of(Reason.FORBIDDEN, "You may not write to this conversation.");
            }
            try (PreparedStatement statement = connection.prepareStatement(SET_STATUS)) {
                statement.setString(1, status.text());
                statement.setObject(2, message);
                statement.setInt(3, status.rank());
                String row = first(statement);
                return row == null ? unchanged(connection, message, status) : row;
            }
        });
    }

    private static String unchanged(Connection connection, UUID message, MessageStatus status) throws SQLException {
        Found now = find(connection, message);
        if (now.rank < status.rank()) {
            throw Refusal.of(Reason.FORBIDDEN, "The policies let you see this message, and not change it.");
        }
        return now.row;
    }

    private record Found(String conversation, String organization, String row, int rank) {}

    private static Found find(Connection connection, UUID message) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND.formatted(RANK))) {
            statement.setObject(1, message);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw Refusal.of(Reason.NOT_FOUND, "There is no such message, or none that you may see.");
                }
                return new Found(row.getString(1), row.getString(2), row.getString(3), row.getInt(4));
            }
        }
    }

    private static @Nullable String first(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** Forgets some of the keys whose time is over, and says how many; waits for the database. */
    public static int forgetKeys(Database database) throws SQLException {
        return database.change(IdempotencyKeys::purge);
    }
}
