package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.database.Database;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes posts. Those of one caller to one conversation that come while others of theirs are being written wait for these,
 * and are then written in one transaction, so that what Postgres does for each call is done once for all of them. Every
 * post is judged by how it is after it came, and where one of several is refused, each is written alone. What waits is
 * bounded by the connections of the callers, each of which has one call at a time. Safe for use by several threads.
 */
final class WaitingPosts {

    /** How many posts a transaction writes at most. */
    private static final int MOST = 64;

    /** In characters; one post may be larger. */
    private static final int LARGEST = 1_000_000;

    private final Database database;
    private final ProtectedChannels protectedChannels;
    private final Consumer<Post> alone;

    /** What waits at each place where something is being written. Guarded by this. */
    private final Map<Post.Place, Queue<Post>> waiting = new HashMap<>();

    /** @param alone writes a post in a transaction of its own, and answers it whatever happens */
    WaitingPosts(Database database, ProtectedChannels protectedChannels, Consumer<Post> alone) {
        this.database = database;
        this.protectedChannels = protectedChannels;
        this.alone = alone;
    }

    /** Sees to it that a post is written and answered. */
    void add(Post post) {
        Post.Place place = post.place();
        synchronized (this) {
            Queue<Post> others = waiting.get(place);
            if (others != null) {
                others.add(post);
                return;
            }
            waiting.put(place, new ArrayDeque<>(List.of(post)));
        }
        try {
            database.later(() -> {
                writeAll(place);
                return true;
            });
        } catch (RuntimeException e) {
            // Only when the service ends.
            for (List<Post> some = next(place, MOST); !some.isEmpty(); some = next(place, MOST)) {
                fail(some, e);
            }
        }
    }

    private void writeAll(Post.Place place) {
        int most = MOST;
        for (List<Post> some = next(place, most); !some.isEmpty(); some = next(place, most)) {
            try {
                if (!write(some)) {
                    // What comes next may fail likewise, and has then been tried in vain.
                    most = 1;
                    some.forEach(alone);
                }
            } catch (RuntimeException e) {
                fail(some, e);
            }
        }
    }

    /** Some that may be written together, in the order in which they came; none when nothing waits there any more. */
    private synchronized List<Post> next(Post.Place place, int most) {
        Queue<Post> others = waiting.getOrDefault(place, new ArrayDeque<>());
        List<Post> some = new ArrayList<>();
        Set<ByteBuffer> keys = new HashSet<>();
        int size = 0;
        for (Post post = others.peek(); post != null && some.size() < most; post = others.peek()) {
            size += post.size();
            boolean isKeyNew =
                    post.key() == null || keys.add(ByteBuffer.wrap(post.key().id()));
            if (!isKeyNew || size > LARGEST && !some.isEmpty()) {
                break;
            }
            some.add(others.remove());
        }
        if (some.isEmpty()) {
            waiting.remove(place);
        }
        return some;
    }

    /** Writes and answers posts; false when nothing was written and each has to be written alone. */
    private boolean write(List<Post> posts) {
        PostedTogether together = new PostedTogether(posts, protectedChannels);
        Attempt attempt = new Attempt();
        List<String> rows;
        try {
            rows = database.change(connection -> {
                List<String> written = together.write(connection);
                if (written == null) {
                    connection.rollback();
                    return List.of();
                }
                attempt.isCommitting = true;
                return written;
            });
        } catch (SQLException e) {
            if (attempt.isCommitting && !isUndone(e) || e instanceof SQLTransientConnectionException) {
                fail(posts, SqlRefusals.of(e));
                return true;
            }
            return false;
        }
        if (rows.isEmpty()) {
            return false;
        }
        for (int i = 0; i < posts.size(); i++) {
            posts.get(i).answer().complete(new Messages.Created(rows.get(i), false));
        }
        return true;
    }

    /** How far a transaction has come. For one thread. */
    private static final class Attempt {
        boolean isCommitting;
    }

    /** Whether a commit that failed has left nothing behind: a rule refused it, it was not cut short. */
    private static boolean isUndone(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("23") || state.startsWith("40") || state.equals("P0001");
    }

    private static void fail(List<Post> posts, RuntimeException failure) {
        posts.forEach(post -> post.answer().completeExceptionally(failure));
    }
}
