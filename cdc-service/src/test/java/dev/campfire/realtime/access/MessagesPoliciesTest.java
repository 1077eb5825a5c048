package dev.campfire.realtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.campfire.realtime.access.AuthorityException.Problem;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.identity.Claims;
import dev.campfire.realtime.journal.MessagesHistory;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.operations.DatabaseSetup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies on realtime.messages decide about private channels; the service asks as the role that it logs in as. */
final class MessagesPoliciesTest {

    private static final int CONNECTIONS = 3;

    private static EmbeddedPostgres postgres;
    private static Database database;
    private static MessagesAuthority authority;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            DatabaseSetup.shipped().apply(connection);
        }
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "campfire_realtime", "", Map.of()),
                CONNECTIONS);
        authority = new MessagesAuthority(database);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    @BeforeEach
    void no_policies() throws Exception {
        run("""
                DO $do$ DECLARE p record; BEGIN
                  FOR p IN SELECT polname FROM pg_policy WHERE polrelid = 'realtime.messages'::regclass LOOP
                    EXECUTE format('DROP POLICY %I ON realtime.messages', p.polname);
                  END LOOP;
                END $do$""");
        run("DELETE FROM realtime.messages");
    }

    private static void run(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static ChannelUser user(String role, String subject, String topic, String headers) {
        String json = "{\"role\":\"" + role + "\",\"sub\":\"" + subject + "\"}";
        return new ChannelUser(new Claims(role, Instant.MAX, subject, Map.of(), json), topic, headers);
    }

    private static ChannelUser user(String role, String topic) {
        return user(role, "00000000-0000-0000-0000-000000000001", topic, "{}");
    }

    private static Set<Extension> readable(ChannelUser user) {
        return authority
                .readable(user, EnumSet.allOf(Extension.class))
                .toCompletableFuture()
                .join();
    }

    private static boolean isWritable(ChannelUser user, Extension extension) {
        return authority.isWritable(user, extension).toCompletableFuture().join();
    }

    @Test
    void without_a_policy_nobody_may_do_anything_but_the_service_role() {
        for (String role : List.of("anon", "authenticated")) {
            assertThat(readable(user(role, "room"))).isEmpty();
            assertThat(isWritable(user(role, "room"), Extension.BROADCAST)).isFalse();
        }
        assertThat(readable(user("service_role", "room"))).containsExactlyInAnyOrder(Extension.values());
    }

    @Test
    void a_policy_sees_topic_extension_claims_and_headers() throws Exception {
        run("CREATE POLICY r ON realtime.messages FOR SELECT TO authenticated USING (realtime.topic() = 'room'"
                + " AND extension = 'broadcast' AND auth.uid() = '00000000-0000-0000-0000-000000000001'"
                + " AND current_setting('request.headers')::json ->> 'x-team' = 'red')");
        String uid = "00000000-0000-0000-0000-000000000001";

        assertThat(readable(user("authenticated", uid, "room", "{\"x-team\":\"red\"}")))
                .containsExactly(Extension.BROADCAST);
        assertThat(readable(user("authenticated", uid, "room", "{\"x-team\":\"blue\"}")))
                .isEmpty();
        assertThat(readable(user("authenticated", uid, "other", "{\"x-team\":\"red\"}")))
                .isEmpty();
        assertThat(readable(user("authenticated", uid.replace('1', '2'), "room", "{\"x-team\":\"red\"}")))
                .isEmpty();
        assertThat(readable(user("anon", uid, "room", "{\"x-team\":\"red\"}"))).isEmpty();
    }

    @Test
    void reading_and_writing_are_asked_apart() throws Exception {
        run("CREATE POLICY r ON realtime.messages FOR SELECT TO anon USING (true)");
        run("CREATE POLICY w ON realtime.messages FOR INSERT TO authenticated WITH CHECK (extension = 'presence')");

        assertThat(readable(user("anon", "room"))).hasSize(2);
        assertThat(isWritable(user("anon", "room"), Extension.BROADCAST)).isFalse();
        assertThat(isWritable(user("authenticated", "room"), Extension.PRESENCE))
                .isTrue();
        assertThat(isWritable(user("authenticated", "room"), Extension.BROADCAST))
                .isFalse();
    }

    @Test
    void nothing_that_is_asked_stays() throws Exception {
        run("CREATE POLICY w ON realtime.messages TO anon USING (true) WITH CHECK (true)");

        readable(user("anon", "room"));
        isWritable(user("anon", "room"), Extension.BROADCAST);

        assertThat(database.<Integer>ask(connection -> {
                    try (var row = connection
                            .createStatement()
                            .executeQuery("SELECT count(*), current_setting('request.jwt.claims', true), current_user"
                                    + " FROM pg_catalog.pg_class WHERE relname = 'nothing'")) {
                        row.next();
                        assertThat(row.getString(2)).isNullOrEmpty();
                        assertThat(row.getString(3)).isEqualTo("campfire_realtime");
                        return row.getInt(1);
                    }
                }))
                .isZero();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                var row = connection.createStatement().executeQuery("SELECT count(*) FROM realtime.messages")) {
            row.next();
            assertThat(row.getInt(1)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postgres", "campfire_realtime", "pg_read_all_data", "nobody", "", "none", "anon; DROP ROLE anon"
            })
    void a_token_turns_nobody_into_a_role_that_is_not_the_clients(String role) throws Exception {
        run("CREATE POLICY everything ON realtime.messages USING (true) WITH CHECK (true)");
        ChannelUser user = user(role, "room");

        assertThat(readable(user)).isEmpty();
        assertThat(isWritable(user, Extension.BROADCAST)).isFalse();
    }

    @Test
    void random_policies_decide_as_postgres_does() throws Exception {
        long seed = Long.getLong("campfire.seed", new Random().nextLong());
        System.out.println("MessagesPoliciesTest seed " + seed);
        Random random = new Random(seed);
        List<String> terms = List.of(
                "realtime.topic() LIKE 'a%'",
                "topic = 'b'",
                "extension = 'presence'",
                "auth.role() = 'anon'",
                "auth.uid() IS NOT NULL",
                "private",
                "length(topic) > 1");
        for (int round = 0; round < 20; round++) {
            no_policies();
            int policies = 1 + random.nextInt(3);
            for (int i = 0; i < policies; i++) {
                run("CREATE POLICY p" + i + " ON realtime.messages AS "
                        + (random.nextBoolean() ? "PERMISSIVE" : "RESTRICTIVE")
                        + " FOR SELECT TO " + (random.nextBoolean() ? "PUBLIC" : "anon") + " USING ("
                        + terms.get(random.nextInt(terms.size())) + (random.nextBoolean() ? " OR " : " AND ")
                        + terms.get(random.nextInt(terms.size())) + ")");
            }
            for (String topic : List.of("a", "b", "abc")) {
                for (String role : List.of("anon", "authenticated")) {
                    assertThat(readable(user(role, topic)))
                            .as("seed %d round %d %s %s", seed, round, role, topic)
                            .isEqualTo(oracle(role, topic));
                }
            }
        }
    }

    /** What a plain SELECT as the role shows of rows that are really there. */
    private static Set<Extension> oracle(String role, String topic) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (Extension extension : Extension.values()) {
                statement.execute("INSERT INTO realtime.messages (topic, extension, private) VALUES ('" + topic + "', '"
                        + extension.text() + "', true)");
            }
            statement.execute("SELECT set_config('realtime.topic', '" + topic + "', true),"
                    + " set_config('request.jwt.claims', '{\"role\":\"" + role
                    + "\",\"sub\":\"00000000-0000-0000-0000-000000000001\"}', true)");
            statement.execute("SET LOCAL ROLE " + role);
            Set<Extension> seen = new HashSet<>();
            try (var row = statement.executeQuery("SELECT extension FROM realtime.messages")) {
                while (row.next()) {
                    seen.add(Extension.valueOf(row.getString(1).toUpperCase(java.util.Locale.ROOT)));
                }
            }
            connection.rollback();
            return seen;
        }
    }

    @Test
    void a_policy_that_fails_is_a_problem_of_the_policy() throws Exception {
        run("CREATE POLICY bad ON realtime.messages USING (1 / (length(topic) - 4) > 0)");

        assertThatThrownBy(() -> readable(user("anon", "room")))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        AuthorityException.class, e -> assertThat(e.problem()).isEqualTo(Problem.POLICY));
    }

    @Test
    void a_database_that_is_not_there_is_unreachable() {
        try (Database nowhere =
                new Database(new DatabaseSettings("127.0.0.1", 1, "postgres", "campfire_realtime", "", Map.of()), 1)) {
            assertThatThrownBy(() -> new MessagesAuthority(nowhere)
                            .isWritable(user("anon", "room"), Extension.BROADCAST)
                            .toCompletableFuture()
                            .join())
                    .cause()
                    .isInstanceOfSatisfying(AuthorityException.class, e -> assertThat(e.problem())
                            .isEqualTo(Problem.UNREACHABLE));
        }
    }

    private static List<String> history(MessagesHistory history, int limit) {
        return history
                .since("room", Instant.now().minus(Duration.ofMinutes(5)), limit)
                .toCompletableFuture()
                .join()
                .stream()
                .map(event -> event.name() + " " + new String(event.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void the_history_keeps_the_order_within_a_transaction_and_leaves_out_what_is_not_meant() throws Exception {
        run("""
                BEGIN;
                SELECT realtime.send('{"id":1}', 'a', 'room');
                SELECT realtime.send('{"id":2}', 'b', 'room');
                SELECT realtime.send('{"id":3}', 'public', 'room', false);
                SELECT realtime.send('{"id":4}', 'other', 'elsewhere');
                SELECT realtime.send_binary('\\x4142', 'c', 'room');
                INSERT INTO realtime.messages (topic, extension, payload, event, private)
                  SELECT 'room', 'broadcast', jsonb_build_object('id', n), 'd', true FROM generate_series(5, 7) AS n;
                COMMIT""");
        MessagesHistory history = new MessagesHistory(database);

        assertThat(history(history, 25))
                .containsExactly(
                        "a {\"id\": 1}", "b {\"id\": 2}", "c AB", "d {\"id\": 5}", "d {\"id\": 6}", "d {\"id\": 7}");
        assertThat(history(history, 2)).containsExactly("d {\"id\": 6}", "d {\"id\": 7}");
    }

    @Test
    void what_the_stream_brought_is_in_the_order_of_its_commits() throws Exception {
        run("SELECT realtime.send('{\"id\":1}', 'a', 'room')");
        run("SELECT realtime.send('{\"id\":2}', 'b', 'room')");
        MessagesHistory history = new MessagesHistory(database);
        List<Event> events =
                history.since("room", Instant.EPOCH, 25).toCompletableFuture().join();
        // The second was committed first: its transaction began later and was shorter.
        remember(history, events.get(1).id(), 10);
        remember(history, events.get(0).id(), 20);

        assertThat(history(history, 25)).containsExactly("b {\"id\": 2}", "a {\"id\": 1}");
    }

    private static void remember(MessagesHistory history, String id, long commit) {
        history.remember(new Event(
                new dev.campfire.realtime.mapping.Position(new dev.campfire.realtime.capture.ChangeId(1, commit, 0), 0),
                id,
                "room",
                true,
                "e",
                Instant.EPOCH,
                false,
                new byte[0]));
    }

    @Test
    void those_who_wait_to_ask_the_same_are_answered_together_and_who_comes_later_is_judged_anew() throws Exception {
        run(
                "CREATE SEQUENCE asked; GRANT USAGE ON SEQUENCE asked TO authenticated;"
                        + " CREATE POLICY counted ON realtime.messages FOR SELECT TO authenticated USING (nextval('asked') > 0)");
        CountDownLatch busy = new CountDownLatch(CONNECTIONS);
        CompletableFuture<Boolean> free = new CompletableFuture<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            database.later(() -> database.ask(connection -> {
                busy.countDown();
                return free.join();
            }));
        }
        busy.await();
        List<CompletionStage<Set<Extension>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(authority.readable(user("authenticated", "a", "t", "{}"), EnumSet.of(Extension.BROADCAST)));
        }
        answers.add(authority.readable(user("authenticated", "b", "t", "{}"), EnumSet.of(Extension.BROADCAST)));

        free.complete(true);

        for (CompletionStage<Set<Extension>> answer : answers) {
            assertThat(answer.toCompletableFuture().join()).containsExactly(Extension.BROADCAST);
        }
        assertThat(asked()).as("one question for each of the two").isEqualTo(2);
        run("DROP POLICY counted ON realtime.messages");
        assertThat(authority
                        .readable(user("authenticated", "a", "t", "{}"), EnumSet.of(Extension.BROADCAST))
                        .toCompletableFuture()
                        .join())
                .isEmpty();
    }

    private static long asked() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT last_value FROM asked")) {
            row.next();
            return row.getLong(1);
        }
    }
}
