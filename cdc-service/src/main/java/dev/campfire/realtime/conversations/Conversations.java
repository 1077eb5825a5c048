package dev.campfire.realtime.conversations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.campfire.realtime.access.ChannelAuthority;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.conversations.Refusal.Reason;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.vocabulary.ChannelName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads conversations, and marks what has been read of them, on behalf of callers. Safe for use by several threads; stages
 * fail with a {@link Refusal}.
 */
public final class Conversations {

    /** How many messages one call marks at most. */
    static final int LARGEST_MARK = 1000;

    /** How much of a page may be sent, in characters; a page that would be longer ends earlier. */
    private static final int LARGEST_PAGE = 4_000_000;

    private static final int FETCH = 50;

    private static final String PAGE = """
            SELECT pg_catalog.row_to_json(message)::text, id,
                   pg_catalog.to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
              FROM public.messages AS message
             WHERE conversation_id = ? AND created_at IS NOT NULL%s
             ORDER BY created_at, id LIMIT ?""";

    private static final String CREATED_AT =
            "SELECT created_at FROM public.messages WHERE id = ? AND conversation_id = ? AND created_at IS NOT NULL";

    /** Locked in an order that all calls share; what another has marked meanwhile is not marked again. */
    private static final String MARK = """
            UPDATE public.messages SET status = 'read'
             WHERE id IN (SELECT id FROM public.messages
                           WHERE conversation_id = ? AND (status IS NULL OR status IN ('sent', 'delivered'))
                             AND sender_type = ANY (?)%s
                           ORDER BY created_at, id LIMIT ? FOR UPDATE)
               AND (status IS NULL OR status IN ('sent', 'delivered'))
            RETURNING id""";

    private final CallersTransactions transactions;
    private final ChannelAuthority authority;

    /** @param protectedChannels the channels on which policies say who may read and send */
    public Conversations(Database database, ChannelAuthority authority, ProtectedChannels protectedChannels) {
        this.transactions = new CallersTransactions(database, protectedChannels);
        this.authority = authority;
    }

    /**
     * Where the caller may say that somebody types.
     *
     * @param organization the conversation's
     * @param isConversationWritable whether they may also write on the conversation's own channel
     */
    public record TypingPlace(UUID organization, boolean isConversationWritable) {}

    /** The place of a conversation on whose channel for typing the caller may send. Nothing is written. */
    public CompletionStage<TypingPlace> typingIn(Participant caller, UUID conversation) {
        return transactions.ask(connection -> {
            CallersTransactions.enter(connection, caller);
            UUID organization = requireWritable(connection, conversation, ChannelName::conversationTyping);
            ChannelName own = ChannelName.conversation(organization.toString(), conversation.toString());
            return new TypingPlace(organization, transactions.maySend(connection, own));
        });
    }

    private UUID requireWritable(
            Connection connection, UUID conversation, BiFunction<String, String, ChannelName> channel)
            throws SQLException {
        UUID organization = CallersTransactions.organizationOf(connection, conversation);
        if (organization == null) {
            throw Refusal.noConversation();
        }
        if (!transactions.maySend(connection, channel.apply(organization.toString(), conversation.toString()))) {
            throw Refusal.of(Reason.FORBIDDEN, "You may not write to this conversation.");
        }
        return organization;
    }

    /** A page of the conversation's messages, oldest first, as JSON. Messages without a time of creation are in none. */
    public CompletionStage<String> page(Participant caller, UUID conversation, PageRequest request) {
        return transactions
                .ask(connection -> {
                    CallersTransactions.enter(connection, caller);
                    UUID organization = CallersTransactions.organizationOf(connection, conversation);
                    if (organization == null) {
                        throw Refusal.noConversation();
                    }
                    return organization;
                })
                .thenCompose(organization ->
                        isReadable(caller, ChannelName.conversation(organization.toString(), conversation.toString())))
                .thenCompose(isReadable -> {
                    if (!isReadable) {
                        throw Refusal.of(Reason.FORBIDDEN, "You may not read this conversation.");
                    }
                    return transactions.ask(connection -> {
                        CallersTransactions.enter(connection, caller);
                        return page(connection, conversation, request);
                    });
                });
    }

    private CompletionStage<Boolean> isReadable(Participant caller, ChannelName channel) {
        if (!transactions.isJudged(channel)) {
            return CompletableFuture.completedStage(true);
        }
        return authority
                .readable(caller.at(channel.text()), Set.of(Extension.BROADCAST))
                .thenApply(readable -> readable.contains(Extension.BROADCAST));
    }

    private static String page(Connection connection, UUID conversation, PageRequest request) throws SQLException {
        Instant time = request.time();
        UUID message = request.message();
        if (time == null && message != null) {
            time = createdAt(connection, conversation, message, "after");
        }
        String place = time == null ? "" : message == null ? " AND created_at > ?" : " AND (created_at, id) > (?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(PAGE.formatted(place))) {
            statement.setFetchSize(FETCH);
            int parameter = 1;
            statement.setObject(parameter++, conversation);
            if (time != null) {
                statement.setObject(parameter++, time.atOffset(ZoneOffset.UTC));
                if (message != null) {
                    statement.setObject(parameter++, message);
                }
            }
            statement.setInt(parameter, request.limit() + 1);
            try (ResultSet rows = statement.executeQuery()) {
                return page(rows, request.limit());
            }
        }
    }

    private static String page(ResultSet rows, int limit) throws SQLException {
        StringBuilder json = new StringBuilder("{\"messages\":[");
        String next = null;
        int count = 0;
        boolean hasMore = false;
        while (rows.next()) {
            if (count == limit || json.length() > LARGEST_PAGE) {
                hasMore = true;
                break;
            }
            json.append(count++ == 0 ? "" : ",").append(rows.getString(1));
            next = rows.getString(3) + "_" + rows.getString(2);
        }
        String place = next == null ? "null" : "\"" + next + "\"";
        return json.append("],\"next_after\":")
                .append(place)
                .append(",\"has_more\":")
                .append(hasMore)
                .append('}')
                .toString();
    }

    private static Instant createdAt(Connection connection, UUID conversation, UUID message, String field)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CREATED_AT)) {
            statement.setObject(1, message);
            statement.setObject(2, conversation);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw Refusal.invalid(field, "must be a message of this conversation that you may see");
                }
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
    }

    /** Marks what one side has read of the other's messages, and says which, as JSON. */
    public CompletionStage<String> markRead(Participant caller, UUID conversation, ReadMark mark) {
        return transactions.change(connection -> {
            CallersTransactions.enter(connection, caller);
            requireWritable(connection, conversation, ChannelName::conversation);
            UUID last = mark.upTo();
            Instant time = last == null ? null : createdAt(connection, conversation, last, "message_id");
            return mark(connection, conversation, mark, time);
        });
    }

    private static String mark(Connection connection, UUID conversation, ReadMark mark, @Nullable Instant time)
            throws SQLException {
        String place = time == null ? "" : " AND (created_at, id) <= (?, ?)";
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("conversation_id", conversation.toString());
        var ids = answer.putArray("message_ids");
        try (PreparedStatement statement = connection.prepareStatement(MARK.formatted(place))) {
            int parameter = 1;
            statement.setObject(parameter++, conversation);
            statement.setArray(
                    parameter++, connection.createArrayOf("text", mark.senders().toArray()));
            if (time != null) {
                statement.setObject(parameter++, time.atOffset(ZoneOffset.UTC));
                statement.setObject(parameter++, mark.upTo());
            }
            statement.setInt(parameter, LARGEST_MARK);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
        }
        return answer.put("count", ids.size())
                .put("has_more", ids.size() == LARGEST_MARK)
                .toString();
    }
}
