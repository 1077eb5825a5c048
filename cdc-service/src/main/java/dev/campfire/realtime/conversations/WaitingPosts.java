package dev.campfire.realtime.conversations;

import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.database.Database;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes posts. Those of one caller that come while others of theirs are being written wait for these, and are then written in
 * one transaction, so that what Postgres does for each call is done once for all of them. Every post is judged by how it is
 * after it came, and where one of several is refused, each is written alone; where somebody has a lock, each conversation is
 * written by itself. What waits is bounded by the connections of the callers, each of which has one call at a time. Safe for use
 * by several threads.
 */
final class WaitingPosts {

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String QUERY_CANCELED = "57014";

    private final Database database;
    private final ProtectedChannels protectedChannels;
    private final Consumer<Post> alone;

    /** Of the callers for whom something waits or is being written. Guarded by this. */
    private final Map<Post.Kind, PostQueue> queues = new HashMap<>();

    /** @param alone writes a post in a transaction of its own, later, and answers it whatever happens but the service's end */
    WaitingPosts(Database database, ProtectedChannels protectedChannels, Consumer<Post> alone) {
        this.database = database;
        this.protectedChannels = protectedChannels;
        this.alone = alone;
    }

    /** Sees to it that a post is written and answered. */
    void add(Post post) {
        Post.Kind kind = post.kind();
        boolean isWriterWanted;
        synchronized (this) {
            PostQueue queue = queues.computeIfAbsent(kind, unknown -> new PostQueue());
            queue.add(post);
            isWriterWanted = queue.wantsWriter();
        }
        if (isWriterWanted) {
            try {
                later(() -> writeAll(kind));
            } catch (RejectedExecutionException e) {
                for (List<Post> group = next(kind); !group.isEmpty(); group = next(kind)) {
                    fail(group, e);
                    done(kind, group);
                }
            }
        }
    }

    /** @throws RejectedExecutionException when the service ends */
    private void later(Runnable work) {
        database.later(() -> {
            work.run();
            return true;
        });
    }

    private void writeAll(Post.Kind kind) {
        for (List<Post> group = next(kind); !group.isEmpty(); group = next(kind)) {
            Outcome outcome = write(group, true);
            if (outcome == Outcome.LOCKED) {
                writeApart(kind, group);
            } else {
                learn(kind, outcome);
                done(kind, group);
            }
        }
    }

    /** Each conversation by itself and for as long as it takes, so that a lock holds up nothing but what it is about. */
    private void writeApart(Post.Kind kind, List<Post> group) {
        Map<UUID, List<Post>> parts = group.stream()
                .collect(Collectors.groupingBy(Post::conversation, LinkedHashMap::new, Collectors.toList()));
        for (List<Post> part : parts.values()) {
            try {
                later(() -> {
                    write(part, false);
                    if (doneApart(kind, part)) {
                        writeAll(kind);
                    }
                });
            } catch (RejectedExecutionException e) {
                fail(part, e);
                done(kind, part);
            }
        }
    }

    private synchronized List<Post> next(Post.Kind kind) {
        List<Post> group = queue(kind).next();
        removeIdle(kind);
        return group;
    }

    private synchronized void learn(Post.Kind kind, Outcome outcome) {
        queue(kind).learn(outcome == Outcome.WRITTEN);
    }

    private synchronized void done(Post.Kind kind, List<Post> posts) {
        queue(kind).done(posts);
        removeIdle(kind);
    }

    /** Whether whoever wrote them has to go on with what waits. */
    private synchronized boolean doneApart(Post.Kind kind, List<Post> posts) {
        PostQueue queue = queue(kind);
        queue.done(posts);
        boolean isWriterWanted = queue.wantsWriter();
        removeIdle(kind);
        return isWriterWanted;
    }

    private PostQueue queue(Post.Kind kind) {
        return Objects.requireNonNull(queues.get(kind), "it is there for as long as something is being written");
    }

    private void removeIdle(Post.Kind kind) {
        if (queue(kind).isIdle()) {
            queues.remove(kind);
        }
    }

    /** What became of posts that were to be written together. */
    private enum Outcome {
        /** All are answered: with their rows, or with what kept the database from being asked. */
        WRITTEN,
        /** Nothing was written: something stands in the way of one of them, and each is written and answered alone. */
        REFUSED,
        /** Nothing was written, and none is answered: somebody has a lock. */
        LOCKED
    }

    /** @param isHasty whether not to wait for locks for long */
    private Outcome write(List<Post> posts, boolean isHasty) {
        PostedTogether together = new PostedTogether(posts, protectedChannels, isHasty);
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
            if (isHasty && LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return Outcome.LOCKED;
            }
            boolean isUnknown = attempt.isCommitting && !isUndone(e);
            // What has waited for so long waits as long once more, and keeps connections from others.
            boolean isTooLate = !isHasty && QUERY_CANCELED.equals(e.getSQLState());
            if (isUnknown || isTooLate || e instanceof SQLTransientConnectionException) {
                fail(posts, SqlRefusals.of(e));
                return Outcome.WRITTEN;
            }
            rows = List.of();
        } catch (RuntimeException e) {
            fail(posts, e);
            return Outcome.REFUSED;
        }
        if (rows.isEmpty()) {
            writeAlone(posts);
            return Outcome.REFUSED;
        }
        for (int i = 0; i < posts.size(); i++) {
            posts.get(i).answer().complete(new Messages.Created(rows.get(i), false));
        }
        return Outcome.WRITTEN;
    }

    private void writeAlone(List<Post> posts) {
        try {
            posts.forEach(alone);
        } catch (RejectedExecutionException e) {
            fail(posts, e);
        }
    }

    /** How far a transaction has come. For one thread. */
    private static final class Attempt {
        boolean isCommitting;
    }

    /** Whether a commit that failed has left nothing behind: a rule refused it, it was not cut short. */
    private static boolean isUndone(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("23")
                || state.startsWith("40")
                || state.equals("P0001")
                || state.equals(LOCK_NOT_AVAILABLE);
    }

    private static void fail(List<Post> posts, RuntimeException failure) {
        posts.forEach(post -> post.answer().completeExceptionally(failure));
    }
}
