package dev.campfire.realtime.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written together, and what waits. */
final class PostQueueTest {

    private static final UUID ORGANIZATION = UUID.randomUUID();
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);

    private final PostQueue queue = new PostQueue();

    private static Post post(UUID conversation, String content, @Nullable String key) {
        var body = PostOffice.body(ORGANIZATION, conversation, content, "");
        Participant caller = PostOffice.caller("authenticated", ORGANIZATION);
        return new Post(
                caller,
                MessageDraft.read(body),
                key == null ? null : IdempotencyKey.of(key, caller, "POST", body),
                new CompletableFuture<>());
    }

    private void add(UUID conversation, String... contents) {
        for (String content : contents) {
            queue.add(post(conversation, content, null));
        }
    }

    private static List<String> contents(List<Post> group) {
        return group.stream().map(post -> post.draft().content()).toList();
    }

    @Test
    void a_group_is_ordered_by_its_conversations_and_as_it_came() {
        add(B, "1");
        add(A, "2");
        add(B, "3");
        add(A, "4");

        assertThat(queue.wantsWriter()).isTrue();
        assertThat(contents(queue.next())).containsExactly("2", "4", "1", "3");
    }

    @Test
    void what_comes_for_a_conversation_that_is_being_written_waits() {
        add(A, "1");
        assertThat(queue.wantsWriter()).isTrue();
        List<Post> first = queue.next();
        add(A, "2");
        assertThat(queue.wantsWriter()).isFalse();
        add(B, "3");
        assertThat(queue.wantsWriter()).isTrue();
        assertThat(contents(queue.next())).containsExactly("3");
        add(A, "4");

        queue.done(first);

        assertThat(contents(queue.next())).containsExactly("2", "4");
    }

    @Test
    void two_write_at_once_and_no_more() {
        for (int i = 0; i < 3; i++) {
            add(new UUID(1, i), "m");
            assertThat(queue.wantsWriter()).isEqualTo(i < 2);
            if (i < 2) {
                queue.next();
            }
        }
    }

    @Test
    void whoever_finds_nothing_is_a_writer_no_more() {
        add(A, "1");
        queue.wantsWriter();
        List<Post> group = queue.next();
        assertThat(queue.isIdle()).isFalse();

        queue.done(group);
        assertThat(queue.next()).isEmpty();

        assertThat(queue.isIdle()).isTrue();
        assertThat(queue.wantsWriter()).isFalse();
    }

    @Test
    void a_key_is_once_in_a_group_and_nothing_overtakes() {
        queue.add(post(A, "1", "k"));
        queue.add(post(B, "2", "l"));
        queue.add(post(A, "3", "k"));
        queue.add(post(B, "4", null));
        queue.wantsWriter();

        List<Post> first = queue.next();
        assertThat(contents(first)).containsExactly("1", "2");
        queue.done(first);
        assertThat(contents(queue.next())).containsExactly("3", "4");
    }

    @Test
    void a_group_is_bounded_in_posts_in_conversations_and_in_size() {
        for (int i = 0; i < 100; i++) {
            add(A, "m");
        }
        queue.wantsWriter();
        List<Post> group = queue.next();
        assertThat(group).hasSize(64);
        queue.done(group);
        assertThat(queue.next()).hasSize(36);

        List<Post> all = new ArrayList<>();
        PostQueue wide = new PostQueue();
        for (int i = 0; i < 20; i++) {
            wide.add(post(new UUID(2, i % 10), "m" + i, null));
        }
        wide.wantsWriter();
        for (List<Post> some = wide.next(); !some.isEmpty(); some = wide.next()) {
            assertThat(some.stream().map(Post::conversation).distinct()).hasSizeLessThanOrEqualTo(8);
            all.addAll(some);
            wide.done(some);
        }
        for (int i = 0; i < 10; i++) {
            UUID conversation = new UUID(2, i);
            assertThat(contents(all.stream()
                            .filter(post -> post.conversation().equals(conversation))
                            .toList()))
                    .containsExactly("m" + i, "m" + (10 + i));
        }

        PostQueue large = new PostQueue();
        String metadata = ",'metadata':{'x':'" + "x".repeat(9_900) + "'},'attachments':['" + "x".repeat(9_900) + "']";
        for (int i = 0; i < 60; i++) {
            large.add(new Post(
                    PostOffice.caller("authenticated", ORGANIZATION),
                    MessageDraft.read(PostOffice.body(ORGANIZATION, A, "m", metadata)),
                    null,
                    new CompletableFuture<>()));
        }
        large.wantsWriter();
        assertThat(large.next().stream().mapToInt(Post::size).sum()).isBetween(950_000, 1_000_000);
    }

    @Test
    void after_one_that_was_refused_groups_grow_again() {
        for (int i = 0; i < 20; i++) {
            add(A, "m");
        }
        queue.wantsWriter();
        queue.learn(false);
        List<Integer> sizes = new ArrayList<>();
        for (List<Post> group = queue.next(); !group.isEmpty(); group = queue.next()) {
            sizes.add(group.size());
            queue.learn(true);
            queue.done(group);
        }

        assertThat(sizes).containsExactly(1, 2, 4, 8, 5);
    }
}
