package dev.campfire.realtime.conversations;

import static dev.campfire.realtime.conversations.PostOffice.content;
import static dev.campfire.realtime.conversations.PostOffice.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.access.ProtectedChannels;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.database.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Posts that come while others of the same caller are being written. */
final class PostsAtOnceTest {

    private static final UUID AGENT = UUID.randomUUID();
    private static final int MANY = 20;

    private static PostOffice office;

    private final UUID organization = UUID.randomUUID();
    private UUID conversation;

    @BeforeAll
    static void start() throws Exception {
        office = new PostOffice();
    }

    @AfterAll
    static void stop() throws Exception {
        office.close();
    }

    @BeforeEach
    void open() throws SQLException {
        conversation = office.conversation(organization);
        office.member(organization, AGENT, "agent");
    }

    @AfterEach
    void restore() throws SQLException {
        office.run("ALTER TABLE messages DROP CONSTRAINT IF EXISTS no_cursing");
        office.run("GRANT INSERT ON messages TO authenticated");
    }

    private List<String> written(String what) throws SQLException {
        return office.column("SELECT " + what + " FROM messages WHERE conversation_id = '" + conversation
                + "' ORDER BY created_at, id");
    }

    private static Participant agent() {
        return PostOffice.caller("authenticated", AGENT);
    }

    private CompletableFuture<Messages.Created> post(Participant caller, String content) {
        return post(caller, content, "", null);
    }

    private CompletableFuture<Messages.Created> post(
            Participant caller, String content, String more, @Nullable String key) {
        return office.post(caller, PostOffice.body(organization, conversation, content, more), key);
    }

    /** Posts one and, while that is being written, the others. */
    private List<CompletableFuture<Messages.Created>> whileOneIsWritten(
            List<Supplier<CompletableFuture<Messages.Created>>> others) throws SQLException {
        List<CompletableFuture<Messages.Created>> answers = new ArrayList<>();
        try (PostOffice.Held held = office.hold(conversation)) {
            answers.add(post(agent(), "first"));
            held.awaitWriters(1);
            others.forEach(other -> answers.add(other.get()));
        }
        return answers;
    }

    private Supplier<CompletableFuture<Messages.Created>> posting(String content) {
        return () -> post(agent(), content);
    }

    @Test
    void what_came_meanwhile_is_written_in_one_transaction_and_listed_in_its_order() throws Exception {
        List<String> contents = new ArrayList<>(List.of("first"));
        var answers = whileOneIsWritten(IntStream.range(0, MANY)
                .mapToObj(i -> "m" + i)
                .peek(contents::add)
                .map(this::posting)
                .toList());

        for (int i = 0; i < answers.size(); i++) {
            assertThat(content(answers.get(i))).isEqualTo(contents.get(i));
        }
        assertThat(written("content")).isEqualTo(contents);
        assertThat(new HashSet<>(written("xmin"))).hasSize(2);
        assertThat(new HashSet<>(written("created_at"))).hasSize(MANY + 1);
        assertThat(written("created_at = updated_at")).containsOnly("t");
        assertThat(written("status")).containsOnly("sent");
    }

    @Test
    void one_that_a_rule_refuses_takes_none_of_the_others_with_it() throws Exception {
        office.run("ALTER TABLE messages ADD CONSTRAINT no_cursing CHECK (content <> 'curse') NOT VALID");

        var answers = whileOneIsWritten(List.of(posting("a"), posting("curse"), posting("b")));

        assertThat(content(answers.get(1))).isEqualTo("a");
        assertThat(refusal(answers.get(2))).isEqualTo(Refusal.Reason.INVALID);
        assertThat(content(answers.get(3))).isEqualTo("b");
        assertThat(written("content")).containsExactlyInAnyOrder("first", "a", "b");
    }

    @Test
    void a_rule_that_waits_for_the_commit_refuses_one_and_no_other() throws Exception {
        office.run(
                "CREATE FUNCTION no_late_cursing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.content = 'curse'"
                        + " THEN RAISE EXCEPTION 'late' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$");
        office.run("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION no_late_cursing()");
        try {
            var answers = whileOneIsWritten(List.of(posting("a"), posting("curse")));

            assertThat(content(answers.get(1))).isEqualTo("a");
            assertThat(refusal(answers.get(2))).isEqualTo(Refusal.Reason.INVALID);
            assertThat(written("content")).containsExactlyInAnyOrder("first", "a");
        } finally {
            office.run("DROP TRIGGER late ON messages; DROP FUNCTION no_late_cursing()");
        }
    }

    @Test
    void whoever_was_a_member_when_they_posted_and_is_none_any_more_writes_nothing() throws Exception {
        List<CompletableFuture<Messages.Created>> answers;
        try (PostOffice.Held held = office.hold(conversation)) {
            answers = new ArrayList<>(List.of(post(agent(), "first")));
            held.awaitWriters(1);
            office.run("DELETE FROM organization_members WHERE organization_id = '" + organization + "'");
            answers.add(post(agent(), "a"));
            answers.add(post(agent(), "b"));
        }

        assertThat(content(answers.get(0))).isEqualTo("first");
        assertThat(refusal(answers.get(1))).isEqualTo(Refusal.Reason.NOT_FOUND);
        assertThat(refusal(answers.get(2))).isEqualTo(Refusal.Reason.NOT_FOUND);
        assertThat(written("content")).containsExactly("first");
    }

    @Test
    void nobody_writes_in_the_wake_of_another() throws Exception {
        Participant stranger = PostOffice.caller("authenticated", UUID.randomUUID());
        Participant superuser = PostOffice.caller("postgres", AGENT);

        var answers = whileOneIsWritten(
                List.of(posting("a"), () -> post(stranger, "b"), () -> post(superuser, "c"), posting("d")));

        assertThat(content(answers.get(1))).isEqualTo("a");
        assertThat(refusal(answers.get(2))).isEqualTo(Refusal.Reason.NOT_FOUND);
        assertThat(refusal(answers.get(3))).isEqualTo(Refusal.Reason.FORBIDDEN);
        assertThat(content(answers.get(4))).isEqualTo("d");
        assertThat(written("content")).containsExactly("first", "a", "d");
    }

    @Test
    void each_key_counts_once_among_posts_with_and_without_one() throws Exception {
        var answers = whileOneIsWritten(List.of(
                () -> post(agent(), "a", "", "k1"),
                posting("b"),
                () -> post(agent(), "c", "", "k2"),
                () -> post(agent(), "a", "", "k1"),
                () -> post(agent(), "other", "", "k2")));

        assertThat(content(answers.get(1))).isEqualTo("a");
        assertThat(answers.get(1).get().isRepeated()).isFalse();
        assertThat(content(answers.get(3))).isEqualTo("c");
        assertThat(answers.get(4).get(20, TimeUnit.SECONDS))
                .isEqualTo(new Messages.Created(answers.get(1).get().row(), true));
        assertThat(refusal(answers.get(5))).isEqualTo(Refusal.Reason.KEY_REUSED);
        assertThat(written("content")).containsExactly("first", "a", "b", "c");
        assertThat(new HashSet<>(written("xmin"))).hasSize(2);
        assertThat(post(agent(), "c", "", "k2").get(20, TimeUnit.SECONDS).row())
                .isEqualTo(answers.get(3).get().row());
    }

    @Test
    void columns_that_some_name_and_others_do_not_keep_their_values_and_defaults() throws Exception {
        var answers = whileOneIsWritten(List.of(
                posting("a"),
                () -> post(agent(), "b", ",'metadata':{'n':1.5},'attachments':['x'],'message_type':'note'", null),
                () -> post(agent(), "c", ",'metadata':{'n':2},'attachments':[],'message_type':'note'", null),
                posting("d, {\\\"braces\\\"}, NULL and \\\\")));

        assertThat(content(answers.get(4))).isEqualTo("d, {\"braces\"}, NULL and \\");
        for (CompletableFuture<Messages.Created> answer : answers) {
            answer.get(20, TimeUnit.SECONDS);
        }
        assertThat(office.column(
                        "SELECT message_type || coalesce(metadata::text, '-') FROM messages WHERE conversation_id = '"
                                + conversation + "' ORDER BY content"))
                .containsExactly("text-", "note{\"n\": 1.5}", "note{\"n\": 2}", "text-", "text-");
    }

    @Test
    void where_the_times_may_not_be_written_each_is_written_alone() throws Exception {
        office.run("REVOKE INSERT ON messages FROM authenticated");
        office.run(
                "GRANT INSERT (conversation_id, organization_id, content, sender_type) ON messages TO authenticated");

        var answers = whileOneIsWritten(List.of(posting("a"), posting("b"), posting("c")));

        assertThat(content(answers.get(1))).isEqualTo("a");
        assertThat(content(answers.get(2))).isEqualTo("b");
        assertThat(content(answers.get(3))).isEqualTo("c");
        assertThat(new HashSet<>(written("xmin"))).hasSize(4);
    }

    @Test
    void what_a_trigger_leaves_out_is_nobody_elses_row() throws Exception {
        office.run("CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RETURN CASE WHEN NEW.content = 'left out' THEN NULL ELSE NEW END; END $$");
        office.run("CREATE TRIGGER leave_out BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION leave_out()");
        try {
            var answers = whileOneIsWritten(List.of(posting("left out"), posting("a"), posting("b")));

            assertThat(refusal(answers.get(1))).isEqualTo(Refusal.Reason.FORBIDDEN);
            assertThat(content(answers.get(2))).isEqualTo("a");
            assertThat(content(answers.get(3))).isEqualTo("b");
            assertThat(written("content")).containsExactlyInAnyOrder("first", "a", "b");
        } finally {
            office.run("DROP TRIGGER leave_out ON messages; DROP FUNCTION leave_out()");
        }
    }

    @Test
    void when_the_database_is_away_each_is_told_so() {
        try (Database nowhere =
                new Database(new DatabaseSettings("127.0.0.1", 1, "postgres", "campfire_realtime", "", Map.of()), 1)) {
            Messages lost = new Messages(nowhere, ProtectedChannels.STANDARD);
            List<CompletableFuture<Messages.Created>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(lost.create(
                                agent(),
                                MessageDraft.read(PostOffice.body(organization, conversation, "m" + i, "")),
                                null)
                        .toCompletableFuture());
            }

            assertThat(answers).allSatisfy(answer -> assertThat(refusal(answer)).isEqualTo(Refusal.Reason.UNAVAILABLE));
        }
    }
}
