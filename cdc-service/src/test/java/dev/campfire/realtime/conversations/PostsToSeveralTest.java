package dev.campfire.realtime.conversations;

import static dev.campfire.realtime.conversations.PostOffice.content;
import static dev.campfire.realtime.conversations.PostOffice.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.access.ProtectedChannels;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Posts of one caller to several conversations. */
final class PostsToSeveralTest {

    private static final UUID AGENT = UUID.randomUUID();

    private static PostOffice office;

    private final UUID organization = UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        office = new PostOffice();
    }

    @AfterAll
    static void stop() throws Exception {
        office.close();
    }

    @BeforeEach
    void join() throws SQLException {
        office.member(organization, AGENT, "agent");
    }

    private static Participant agent() {
        return PostOffice.caller("authenticated", AGENT);
    }

    private CompletableFuture<Messages.Created> post(Participant caller, UUID conversation, String content) {
        return office.post(caller, PostOffice.body(organization, conversation, content, ""), null);
    }

    private static Post draft(UUID organization, UUID conversation, String content) {
        MessageDraft draft = MessageDraft.read(PostOffice.body(organization, conversation, content, ""));
        return new Post(agent(), draft, null, new CompletableFuture<>());
    }

    private static List<String> together(Post... posts) throws SQLException {
        List<Post> group = Stream.of(posts).sorted(Post.BY_CONVERSATION).toList();
        return office.database.change(connection -> {
            List<String> rows = new PostedTogether(group, ProtectedChannels.STANDARD, true).write(connection);
            if (rows == null) {
                connection.rollback();
                return List.of();
            }
            assertThat(rows).hasSameSizeAs(group);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(Bodies.json(rows.get(i)).path("content").textValue())
                        .isEqualTo(group.get(i).draft().content());
            }
            return rows;
        });
    }

    private static String refusalOf(Post... posts) {
        try {
            return String.valueOf(together(posts).size());
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }

    private List<String> contents() throws SQLException {
        return office.column("SELECT content FROM messages WHERE organization_id = '" + organization
                + "' ORDER BY conversation_id, created_at");
    }

    @Test
    void are_written_in_one_transaction_and_in_order_in_each() throws Exception {
        UUID one = office.conversation(organization);
        UUID two = office.conversation(organization);

        together(
                draft(organization, one, "1a"),
                draft(organization, two, "2a"),
                draft(organization, one, "1b"),
                draft(organization, two, "2b"));

        assertThat(office.column(
                        "SELECT content FROM messages WHERE conversation_id = '" + one + "' ORDER BY created_at"))
                .containsExactly("1a", "1b");
        assertThat(office.column(
                        "SELECT content FROM messages WHERE conversation_id = '" + two + "' ORDER BY created_at"))
                .containsExactly("2a", "2b");
        assertThat(office.column("SELECT DISTINCT xmin FROM messages WHERE organization_id = '" + organization + "'"))
                .hasSize(1);
    }

    @Test
    void are_none_written_where_the_caller_may_not_write_to_one() throws Exception {
        UUID own = office.conversation(organization);
        UUID strangers = UUID.randomUUID();
        UUID foreign = office.conversation(strangers);
        UUID watched = UUID.randomUUID();
        office.member(watched, AGENT, "viewer");
        UUID seen = office.conversation(watched);

        assertThat(refusalOf(draft(organization, own, "a"), draft(strangers, foreign, "b")))
                .isEqualTo("42501");
        assertThat(refusalOf(draft(watched, seen, "b"), draft(organization, own, "a")))
                .isEqualTo("42501");
        assertThat(refusalOf(draft(organization, own, "a"), draft(organization, foreign, "b")))
                .as("an organisation that the conversation is not of")
                .isEqualTo("0");
        assertThat(refusalOf(draft(organization, own, "a"), draft(organization, UUID.randomUUID(), "b")))
                .as("no conversation")
                .isEqualTo("0");
        assertThat(contents()).isEmpty();
        assertThat(office.column("SELECT 1 FROM messages WHERE conversation_id IN ('" + foreign + "', '" + seen + "')"))
                .isEmpty();
        assertThat(refusalOf(draft(organization, own, "a"), draft(organization, own, "b")))
                .isEqualTo("2");
    }

    @Test
    void are_asked_about_each_on_its_own_channel() throws Exception {
        UUID open = office.conversation(organization);
        UUID closed = office.conversation(organization);
        office.run("CREATE POLICY closed ON realtime.messages AS RESTRICTIVE FOR INSERT TO authenticated WITH CHECK"
                + " ((SELECT realtime.topic()) NOT LIKE '%" + closed + "%')");
        try {
            assertThat(refusalOf(draft(organization, open, "a"), draft(organization, open, "b")))
                    .isEqualTo("2");
            for (int i = 0; i < 10; i++) {
                // In either order, also when Postgres has made a plan.
                UUID other = office.conversation(organization);
                assertThat(refusalOf(draft(organization, other, "c"), draft(organization, closed, "d")))
                        .isEqualTo("42501");
            }
        } finally {
            office.run("DROP POLICY closed ON realtime.messages");
        }
        assertThat(contents()).containsExactly("a", "b");
    }

    @Test
    void are_refused_one_by_one() throws Exception {
        UUID own = office.conversation(organization);
        UUID watched = UUID.randomUUID();
        office.member(watched, AGENT, "viewer");
        UUID seen = office.conversation(watched);
        List<CompletableFuture<Messages.Created>> good = new ArrayList<>();
        List<CompletableFuture<Messages.Created>> bad = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            good.add(post(agent(), own, "a" + i));
            bad.add(office.post(agent(), PostOffice.body(watched, seen, "b" + i, ""), null));
        }

        for (int i = 0; i < good.size(); i++) {
            assertThat(content(good.get(i))).isEqualTo("a" + i);
            assertThat(refusal(bad.get(i))).isEqualTo(Refusal.Reason.FORBIDDEN);
        }
        assertThat(contents()).hasSize(good.size());
    }

    @Test
    void do_not_wait_for_a_conversation_that_somebody_has_locked() throws Exception {
        UUID held = office.conversation(organization);
        UUID alsoHeld = office.conversation(organization);
        UUID free = office.conversation(organization);
        try (PostOffice.Held both = office.hold(held, alsoHeld)) {
            List<CompletableFuture<Messages.Created>> stuck = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                stuck.add(post(agent(), held, "stuck"));
                stuck.add(post(agent(), alsoHeld, "stuck"));
            }
            both.awaitWriters(2);

            // One of three connections is left.
            for (int i = 0; i < 5; i++) {
                assertThat(content(post(agent(), free, "quick" + i))).isEqualTo("quick" + i);
            }
            assertThat(stuck).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void to_one_that_stays_locked_are_told_so_and_leave_the_connections_to_others() throws Exception {
        UUID held = office.conversation(organization);
        UUID free = office.conversation(organization);
        try (PostOffice.Held lock = office.hold(held)) {
            List<CompletableFuture<Messages.Created>> stuck = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                stuck.add(post(agent(), held, "stuck"));
            }
            lock.awaitWriters(1);
            int quick = 0;
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!stuck.stream().allMatch(CompletableFuture::isDone)) {
                assertThat(System.nanoTime()).as("all are told in time").isLessThan(deadline);
                assertThat(content(post(agent(), free, "quick" + quick))).isEqualTo("quick" + quick);
                quick++;
            }

            assertThat(stuck).allSatisfy(answer -> assertThat(refusal(answer)).isEqualTo(Refusal.Reason.UNAVAILABLE));
            assertThat(quick).isGreaterThan(100);
        }
    }

    @Test
    void of_several_callers_in_other_orders_do_not_block_each_other() throws Exception {
        UUID colleague = UUID.randomUUID();
        office.member(organization, colleague, "agent");
        List<UUID> conversations = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            conversations.add(office.conversation(organization));
        }
        List<CompletableFuture<Messages.Created>> answers = new ArrayList<>();
        for (int i = 0; i < 10 * conversations.size(); i++) {
            int place = i % conversations.size();
            UUID opposite = conversations.get(conversations.size() - 1 - place);
            answers.add(post(agent(), conversations.get(place), "a"));
            answers.add(post(PostOffice.caller("authenticated", colleague), opposite, "b"));
        }

        for (CompletableFuture<Messages.Created> answer : answers) {
            answer.get(20, TimeUnit.SECONDS);
        }
        assertThat(office.column("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"))
                .containsExactly("0");
        assertThat(contents()).hasSize(answers.size());
    }
}
