package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.access.Impersonation;
import dev.campfire.realtime.access.ProtectedChannels;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes posts of one kind in one transaction, when nothing stands in the way of any: the caller is become, is asked
 * about as {@link Impersonation#beginToSend} asks, and the rows are written, all in one message to Postgres and back.
 * Keys are kept with their answers afterwards. What does stand in the way is not told: then each has to be written alone.
 */
final class PostedTogether {

    private static final String HASTE = "SET LOCAL lock_timeout = '200ms'";

    private final List<Post> posts;
    private final List<IdempotencyKey> keys;
    private final List<String> judged;
    private final String haste;
    private final MessageInsert insert;

    /**
     * @param posts at least one, all of one kind, ordered by their conversations, no key twice
     * @param isHasty whether to wait for a lock only for a moment
     */
    PostedTogether(List<Post> posts, ProtectedChannels protectedChannels, boolean isHasty) {
        this.posts = posts;
        this.haste = isHasty ? HASTE + "; " : "";
        this.keys = posts.stream().map(Post::key).filter(Objects::nonNull).toList();
        this.judged = posts.stream()
                .map(post -> post.channel().text())
                .distinct()
                .filter(protectedChannels::covers)
                .toList();
        this.insert = new MessageInsert(
                posts.stream().map(Post::draft).toList(), caller().claims().role());
    }

    private Participant caller() {
        return posts.getFirst().caller();
    }

    /** The rows as they were written, one for each post; null, with nothing to be kept, when that can't be. */
    @Nullable
    List<String> write(Connection connection) throws SQLException {
        List<String> rows = rows(connection);
        if (rows == null || keys.isEmpty()) {
            return rows;
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (posts.get(i).key() != null) {
                answers.add(rows.get(i));
            }
        }
        return IdempotencyKeys.keep(connection, keys, answers) ? rows : null;
    }

    private @Nullable List<String> rows(Connection connection) throws SQLException {
        String begin = judged.isEmpty() ? Impersonation.BEGIN : Impersonation.beginToSend(judged.size());
        try (PreparedStatement statement = connection.prepareStatement(begin + "; " + haste + insert.sql())) {
            int last = judged.isEmpty()
                    ? Impersonation.fill(
                            statement, 0, caller().at(posts.getFirst().channel().text()))
                    : Impersonation.fillToSend(statement, caller().at(judged.getFirst()), judged, Extension.BROADCAST);
            insert.fill(statement, last);
            List<List<String>> results = results(statement);
            boolean hasBecome = !results.getFirst().isEmpty();
            List<String> rows = results.getLast();
            return hasBecome && rows.size() == posts.size() ? rows : null;
        }
    }

    /** The first column of every result. */
    private static List<List<String>> results(PreparedStatement statement) throws SQLException {
        List<List<String>> results = new ArrayList<>();
        boolean hasRows = statement.execute();
        while (hasRows || statement.getUpdateCount() >= 0) {
            if (hasRows) {
                List<String> column = new ArrayList<>();
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        column.add(rows.getString(1));
                    }
                }
                results.add(column);
            }
            hasRows = statement.getMoreResults();
        }
        return results;
    }
}
