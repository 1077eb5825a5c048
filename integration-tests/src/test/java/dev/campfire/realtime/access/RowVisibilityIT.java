package dev.campfire.realtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.Conversation;
import dev.campfire.realtime.support.Database;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.SharedBackend;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What judging a row as it is at the time of a poll leaks, and judging each change's own image does not. */
@ExtendWith(SharedBackend.class)
class RowVisibilityIT {

    private final Backend backend;
    private final Database database;
    private final String table = "owned_" + UUID.randomUUID().toString().replace("-", "");
    private final UUID alice = UUID.randomUUID();
    private final UUID bob = UUID.randomUUID();
    private final List<PhoenixSocket> sockets = new ArrayList<>();
    private int marks;

    RowVisibilityIT(Backend backend) {
        this.backend = backend;
        this.database = backend.database();
    }

    @BeforeEach
    void create() {
        run("CREATE TABLE $ (id int PRIMARY KEY, owner uuid, body text, secret text)");
        run("ALTER TABLE $ REPLICA IDENTITY FULL; ALTER TABLE $ ENABLE ROW LEVEL SECURITY");
        run("CREATE POLICY own ON $ FOR SELECT TO authenticated USING (owner = auth.uid())");
        run("GRANT SELECT (id, owner, body) ON $ TO authenticated; ALTER PUBLICATION supabase_realtime ADD TABLE $");
    }

    @AfterEach
    void drop() {
        sockets.forEach(PhoenixSocket::close);
        run("DROP TABLE $");
    }

    private void run(String sql) {
        database.execute(sql.replace("$", "public." + table));
    }

    private PhoenixSocket listen(UUID user, boolean leave) {
        PhoenixSocket socket =
                PhoenixSocket.open(backend.service().port(), "2.0.0", Tokens.authenticated(user.toString()));
        sockets.add(socket);
        socket.join(
                "changes",
                Map.of(
                        "postgres_changes",
                        List.of(Map.of("event", "*", "schema", "public", "table", table)),
                        "postgres_changes_options",
                        Map.of("leave", leave)));
        socket.awaitEvent("system");
        return socket;
    }

    private void insert(int id, UUID owner, String body) {
        run("INSERT INTO $ VALUES (" + id + ", '" + owner + "', '" + body + "', 'classified')");
    }

    /** What came until now: a row of the user's own marks the end. */
    private List<JsonNode> changes(PhoenixSocket socket, UUID user) {
        int mark = 1_000_000 + marks++;
        insert(mark, user, "mark");
        List<JsonNode> changes = new ArrayList<>();
        while (true) {
            PhoenixMessage message = socket.awaitEvent("postgres_changes");
            JsonNode data = message.payload().path("data");
            if (data.path("record").path("id").asInt() == mark) {
                return changes;
            }
            if (data.at("/record/id").asInt(data.at("/old_record/id").asInt()) < 1_000_000) {
                changes.add(data);
            }
        }
    }

    private static List<String> types(List<JsonNode> changes) {
        return changes.stream().map(data -> data.path("type").asText()).toList();
    }

    @Test
    void a_row_that_is_inserted_and_then_moved_shows_each_side_its_own_image() {
        PhoenixSocket hers = listen(alice, false);
        PhoenixSocket his = listen(bob, false);

        insert(1, alice, "for alice");
        run("UPDATE $ SET owner = '" + bob + "', body = 'for bob' WHERE id = 1");

        List<JsonNode> forAlice = changes(hers, alice);
        List<JsonNode> forBob = changes(his, bob);
        assertThat(types(forAlice)).containsExactly("INSERT");
        assertThat(forAlice.getFirst().at("/record/body").asText()).isEqualTo("for alice");
        assertThat(types(forBob)).containsExactly("UPDATE");
        assertThat(forBob.getFirst().at("/record/body").asText()).isEqualTo("for bob");
        assertThat(forBob.getFirst().path("old_record").toString()).isEqualTo("{\"id\":1}");
        assertThat(forAlice.toString() + forBob).doesNotContain("secret", "classified");
    }

    @Test
    void a_row_that_is_gone_before_anybody_looks_is_judged_all_the_same() {
        PhoenixSocket hers = listen(alice, false);
        PhoenixSocket his = listen(bob, false);

        run("INSERT INTO $ VALUES (1, '" + alice + "', 'x', 'classified'); DELETE FROM $ WHERE id = 1");

        List<JsonNode> forAlice = changes(hers, alice);
        assertThat(types(forAlice)).containsExactly("INSERT", "DELETE");
        assertThat(forAlice.getLast().at("/old_record/body").asText()).isEqualTo("x");
        assertThat(changes(his, bob)).isEmpty();
    }

    @Test
    void of_the_deletion_of_a_row_that_was_not_visible_nothing_is_heard_not_even_the_key() {
        insert(1, alice, "x");
        PhoenixSocket his = listen(bob, true);

        run("DELETE FROM $ WHERE id = 1");

        assertThat(changes(his, bob)).isEmpty();
    }

    @Test
    void with_only_a_key_known_a_deletion_reaches_nobody_whose_policies_need_more() {
        run("ALTER TABLE $ REPLICA IDENTITY DEFAULT");
        insert(1, alice, "x");
        PhoenixSocket hers = listen(alice, false);

        run("DELETE FROM $ WHERE id = 1");
        assertThat(changes(hers, alice)).isEmpty();

        run("DROP POLICY own ON $; CREATE POLICY own ON $ TO authenticated USING (id < 1000 OR owner = auth.uid())");
        insert(2, bob, "x");
        run("DELETE FROM $ WHERE id = 2");
        // Before the policy is another one: it is judged by the one that is in force when it is.
        assertThat(types(changes(hers, alice))).containsExactly("INSERT");
        run("ALTER POLICY own ON $ USING (id <> 5)");
        insert(3, bob, "x");
        run("DELETE FROM $ WHERE id = 3");
        List<JsonNode> after = changes(hers, alice);
        assertThat(types(after)).containsExactly("INSERT", "DELETE");
        assertThat(after.getLast().path("old_record").toString()).isEqualTo("{\"id\":3}");
    }

    /** A large value that an UPDATE leaves alone is not told, so that the row has to be looked up, as it is by then. */
    @Test
    void a_row_that_is_looked_up_shows_nothing_of_what_it_was_before_it_moved() {
        run("ALTER TABLE $ REPLICA IDENTITY DEFAULT; ALTER TABLE $ ADD COLUMN readers text");
        run("ALTER TABLE $ ALTER COLUMN readers SET STORAGE EXTERNAL; GRANT SELECT (readers) ON $ TO authenticated");
        run("ALTER POLICY own ON $ USING (owner = auth.uid() AND length(coalesce(readers, '')) >= 0)");
        insert(1, alice, "x");
        run("UPDATE $ SET readers = repeat('reader ', 2000) WHERE id = 1");
        PhoenixSocket hers = listen(alice, false);
        PhoenixSocket his = listen(bob, false);

        run("UPDATE $ SET body = 'for alice alone' WHERE id = 1");
        assertThat(types(changes(hers, alice))).containsExactly("UPDATE");
        run("UPDATE $ SET body = 'still for alice alone' WHERE id = 1;" + "UPDATE $ SET owner = '" + bob
                + "', body = 'for bob' WHERE id = 1");

        List<JsonNode> forBob = changes(his, bob);
        assertThat(types(forBob)).containsExactly("UPDATE");
        assertThat(forBob.getFirst().at("/record/body").asText()).isEqualTo("for bob");
        assertThat(changes(hers, alice)).isEmpty();
    }

    /** Whatever a value looks like, it is recognised as the one that the row has. */
    @Test
    void a_row_that_is_looked_up_and_has_not_moved_is_shown_with_values_of_every_kind() {
        run("ALTER TABLE $ REPLICA IDENTITY DEFAULT; ALTER TABLE $ ADD COLUMN readers text, ADD COLUMN at timestamptz,"
                + " ADD COLUMN day date, ADD COLUMN span interval, ADD COLUMN price numeric(10, 3), ADD COLUMN share float8,"
                + " ADD COLUMN code char(5), ADD COLUMN bits bit varying, ADD COLUMN raw bytea, ADD COLUMN doc json,"
                + " ADD COLUMN tags text[], ADD COLUMN data jsonb, ADD COLUMN place point, ADD COLUMN long text,"
                + " ADD COLUMN stamps timestamptz[], ADD COLUMN flag boolean, ADD COLUMN nothing text");
        run("ALTER TABLE $ ALTER COLUMN readers SET STORAGE EXTERNAL; GRANT SELECT ON $ TO authenticated");
        run("ALTER POLICY own ON $ USING (owner = auth.uid() AND length(coalesce(readers, '')) >= 0)");
        insert(1, alice, "it''s \"so\" \\ 😀");
        run("UPDATE $ SET readers = repeat('reader ', 2000), at = '2024-02-29 12:34:56.789+05', day = '0044-03-15 BC',"
                + " span = '1 year 2 days 03:04:05', price = 12.5, share = 0.1, code = 'ab', bits = B'101',"
                + " raw = '\\x00ff', doc = '{ \"b\": 1,  \"a\": null}', tags = ARRAY['x', NULL, 'y,z'],"
                + " data = '{\"b\": [1, 2.50]}', place = '(1,2.5)', long = repeat('long ', 100),"
                + " stamps = ARRAY[timestamptz '2024-01-01 00:00:00+00'], flag = true WHERE id = 1");
        PhoenixSocket hers = listen(alice, false);
        PhoenixSocket his = listen(bob, false);

        run("UPDATE $ SET secret = 'x' WHERE id = 1");

        assertThat(types(changes(hers, alice))).containsExactly("UPDATE");
        assertThat(changes(his, bob)).isEmpty();
    }

    @Test
    void a_row_that_leaves_ones_sight_is_silent_unless_one_asked_to_be_told() {
        PhoenixSocket hers = listen(alice, false);
        PhoenixSocket hersToo = listen(alice, true);
        PhoenixSocket his = listen(bob, true);

        insert(1, alice, "x");
        run("UPDATE $ SET owner = '" + bob + "', body = 'y' WHERE id = 1");

        assertThat(types(changes(hers, alice))).containsExactly("INSERT");
        List<JsonNode> told = changes(hersToo, alice);
        assertThat(types(told)).containsExactly("INSERT", "DELETE");
        assertThat(told.getLast().path("old_record").toString()).isEqualTo("{\"id\":1}");
        assertThat(types(changes(his, bob))).containsExactly("UPDATE");
    }

    @Test
    void a_change_of_a_policy_or_of_its_enforcement_holds_from_the_next_change_on() {
        PhoenixSocket his = listen(bob, false);

        insert(1, alice, "x");
        assertThat(changes(his, bob)).isEmpty();
        run("ALTER POLICY own ON $ USING (true)");
        insert(2, alice, "x");
        assertThat(changes(his, bob)).hasSize(1);
        run("ALTER POLICY own ON $ USING (owner = auth.uid())");
        insert(3, alice, "x");
        assertThat(changes(his, bob)).isEmpty();
        run("ALTER TABLE $ DISABLE ROW LEVEL SECURITY");
        insert(4, alice, "x");
        assertThat(changes(his, bob)).hasSize(1);
        run("ALTER TABLE $ ENABLE ROW LEVEL SECURITY");
        insert(5, alice, "x");
        assertThat(changes(his, bob)).isEmpty();
    }

    @Test
    void a_membership_that_ends_in_the_same_transaction_shows_nothing_of_it() {
        Conversation conversation = backend.conversation();
        PhoenixSocket agent = messages(Tokens.authenticated(conversation.agent().toString()));
        conversation.say("while a member");
        assertThat(content(agent)).isEqualTo("while a member");

        database.execute(message(conversation, "too late") + suspension(conversation));

        assertThatOnlyAMemberSees(agent, conversation);
    }

    @Test
    void nor_does_one_that_ends_in_the_same_transaction_after_thousands_of_rows() {
        Conversation conversation = backend.conversation();
        PhoenixSocket agent = messages(Tokens.authenticated(conversation.agent().toString()));
        conversation.say("while a member");
        assertThat(content(agent)).isEqualTo("while a member");

        database.execute(messages(conversation, "too late", 2_000) + suspension(conversation));

        assertThatOnlyAMemberSees(agent, conversation);
    }

    /** Postgres sends a commit as soon as it is written; it can be seen only when every standby has it that has to. */
    @Test
    void nor_does_one_whose_end_is_written_but_waits_for_a_standby() throws InterruptedException {
        Conversation conversation = backend.conversation();
        PhoenixSocket agent = messages(Tokens.authenticated(conversation.agent().toString()));
        PhoenixSocket admin = messages(Tokens.ofRole("service_role", Duration.ofHours(1)));
        conversation.say("while a member");
        assertThat(content(agent)).isEqualTo("while a member");
        assertThat(content(admin)).isEqualTo("while a member");

        Thread ending;
        waitForStandby("nobody");
        try {
            ending = Thread.ofVirtual()
                    .start(() -> database.execute(message(conversation, "too late") + suspension(conversation)));
            assertThat(content(admin)).isEqualTo("too late");
            assertThat(ending.isAlive()).as("the transaction waits").isTrue();
        } finally {
            waitForStandby("");
        }
        ending.join();

        assertThatOnlyAMemberSees(agent, conversation);
    }

    private void waitForStandby(String name) {
        database.execute("ALTER SYSTEM SET synchronous_standby_names = '" + name + "'");
        database.execute("SELECT pg_reload_conf()");
        await().until(() -> database.value("SHOW synchronous_standby_names").equals(name));
    }

    /** Who is a member again before it is judged what they see may see it: so something comes in between that they see. */
    private void assertThatOnlyAMemberSees(PhoenixSocket agent, Conversation conversation) {
        conversation.say("afterwards");
        insert(1, conversation.agent(), "in between");
        assertThat(content(agent)).isEqualTo("in between");
        database.execute(
                "UPDATE organization_members SET status = 'active' WHERE user_id = '" + conversation.agent() + "'");
        conversation.say("a member again");
        assertThat(content(agent)).isEqualTo("a member again");
    }

    private static String message(Conversation conversation, String content) {
        return messages(conversation, content, 1);
    }

    private static String messages(Conversation conversation, String content, int count) {
        return "INSERT INTO messages (conversation_id, organization_id, content, sender_type) SELECT '"
                + conversation.id() + "', '" + conversation.organization() + "', '" + content
                + "', 'customer' FROM generate_series(1, " + count + ");";
    }

    private static String suspension(Conversation conversation) {
        return "UPDATE organization_members SET status = 'suspended' WHERE user_id = '" + conversation.agent() + "';";
    }

    /** Somebody who listens to the table of messages, and to the one of these tests. */
    private PhoenixSocket messages(String token) {
        PhoenixSocket socket = PhoenixSocket.open(backend.service().port(), "2.0.0", token);
        sockets.add(socket);
        socket.join(
                "changes",
                Map.of(
                        "postgres_changes",
                        List.of(
                                Map.of("event", "INSERT", "schema", "public", "table", "messages"),
                                Map.of("event", "INSERT", "schema", "public", "table", table))));
        socket.awaitEvent("system");
        return socket;
    }

    private static String content(PhoenixSocket socket) {
        JsonNode record = socket.awaitEvent("postgres_changes").payload().at("/data/record");
        return record.path("content").asText(record.path("body").asText());
    }
}
