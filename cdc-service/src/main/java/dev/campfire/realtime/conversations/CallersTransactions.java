package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.Impersonation;
import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.database.Question;
import dev.campfire.realtime.vocabulary.ChannelName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Transactions on behalf of callers. Each stage fails with a {@link Refusal} or not at all. */
final class CallersTransactions {

    private static final String FIND = "SELECT organization_id FROM public.conversations WHERE id = ?";

    private final Database database;
    private final ProtectedChannels protectedChannels;

    CallersTransactions(Database database, ProtectedChannels protectedChannels) {
        this.database = database;
        this.protectedChannels = protectedChannels;
    }

    /** Asks something; whatever it writes is undone. */
    <T> CompletableFuture<T> ask(Question<T> question) {
        return refused(database.askLater(question));
    }

    /** Does something that stays, unless it ends with an exception. */
    <T> CompletableFuture<T> change(Question<T> change) {
        return refused(database.changeLater(change));
    }

    private static <T> CompletableFuture<T> refused(CompletableFuture<T> stage) {
        return stage.exceptionally(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            throw switch (cause) {
                case Refusal refusal -> refusal;
                case SQLException e -> SqlRefusals.of(e);
                default -> new CompletionException(cause);
            };
        });
    }

    /** Becomes the caller, on no channel. */
    static void enter(Connection connection, Participant caller) throws SQLException {
        enter(connection, caller, "");
    }

    private static void enter(Connection connection, Participant caller, String topic) throws SQLException {
        if (!Impersonation.begin(connection, caller.at(topic))) {
            throw Refusal.of(Refusal.Reason.FORBIDDEN, "The role that the token names may do nothing here.");
        }
    }

    /** Becomes the caller on a channel, and says whether they may send there. */
    boolean enterToSend(Connection connection, Participant caller, ChannelName channel) throws SQLException {
        String topic = channel.text();
        if (protectedChannels.covers(topic)
                && Impersonation.beginToSend(connection, caller.at(topic), Extension.BROADCAST)) {
            return true;
        }
        // Once more where it was refused: it may have been the role that could not be become.
        enter(connection, caller, topic);
        return !protectedChannels.covers(topic);
    }

    /** The organisation of a conversation that whom we have become sees; null when they see none. */
    static @Nullable UUID organizationOf(Connection connection, UUID conversation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setObject(1, conversation);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getObject(1, UUID.class) : null;
            }
        }
    }

    /**
     * Whether whom we have become may send on a channel, as if they did so on a websocket: where policies rule it, they
     * decide.
     */
    boolean maySend(Connection connection, ChannelName channel) throws SQLException {
        String topic = channel.text();
        if (!protectedChannels.covers(topic)) {
            return true;
        }
        return Impersonation.maySend(connection, topic, Extension.BROADCAST);
    }

    /** Whether policies say who may read a channel. */
    boolean isJudged(ChannelName channel) {
        return protectedChannels.covers(channel.text());
    }
}
