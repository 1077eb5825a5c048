package dev.campfire.realtime.conversations;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * What one caller has posted and waits to be written, in the order in which it came. Posts to one conversation are written one
 * group after the other, those to several at the same time. For one thread at a time.
 */
final class PostQueue {

    /** How many groups are written at the same time: one waits for Postgres while another is made ready. */
    private static final int WRITERS = 2;

    /** How many posts a transaction writes at most. */
    private static final int MOST = 64;

    /** To how many conversations: each costs a question about its channel. */
    private static final int MOST_CONVERSATIONS = 8;

    /** In characters; one post may be larger. */
    private static final int LARGEST = 1_000_000;

    private final Queue<Post> waiting = new ArrayDeque<>();
    private final Set<UUID> busy = new HashSet<>();
    private int writers;
    private int most = MOST;

    void add(Post post) {
        waiting.add(post);
    }

    /** Whether somebody more is to come and write; who gets true has to call {@link #next} until there is none. */
    boolean wantsWriter() {
        boolean isWanted = writers < WRITERS && waiting.stream().anyMatch(post -> !busy.contains(post.conversation()));
        if (isWanted) {
            writers++;
        }
        return isWanted;
    }

    /**
     * Posts that may be written together, ordered by their conversations and within these as they came, so that groups lock
     * conversations in one order; none when the writer is needed no more.
     */
    List<Post> next() {
        List<Post> group = new ArrayList<>();
        Set<UUID> taken = new HashSet<>();
        // Nothing overtakes what came before it.
        Set<UUID> left = new HashSet<>(busy);
        Set<ByteBuffer> keys = new HashSet<>();
        int size = 0;
        for (Iterator<Post> posts = waiting.iterator(); posts.hasNext() && group.size() < most; ) {
            Post post = posts.next();
            UUID conversation = post.conversation();
            boolean isTooMany = !taken.contains(conversation) && taken.size() == MOST_CONVERSATIONS;
            if (isTooMany || left.contains(conversation)) {
                left.add(conversation);
                continue;
            }
            boolean isKeyNew =
                    post.key() == null || keys.add(ByteBuffer.wrap(post.key().id()));
            size += post.size();
            if (!isKeyNew || size > LARGEST && !group.isEmpty()) {
                break;
            }
            taken.add(conversation);
            group.add(post);
            posts.remove();
        }
        busy.addAll(taken);
        if (group.isEmpty()) {
            writers--;
        }
        group.sort(Post.BY_CONVERSATION);
        return group;
    }

    /** All of a group, or what it had for one conversation, is done with. */
    void done(List<Post> posts) {
        posts.forEach(post -> busy.remove(post.conversation()));
    }

    /** A group was written whole, or it was not: what comes next may fail likewise, and is tried in small groups first. */
    void learn(boolean isWritten) {
        most = isWritten ? Math.min(MOST, most * 2) : 1;
    }

    /** Whether nothing waits, and nothing is being written. */
    boolean isIdle() {
        return waiting.isEmpty() && busy.isEmpty() && writers == 0;
    }
}
