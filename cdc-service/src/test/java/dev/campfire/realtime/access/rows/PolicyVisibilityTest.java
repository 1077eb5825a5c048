package dev.campfire.realtime.access.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.campfire.realtime.access.Judgement;
import dev.campfire.realtime.access.Panel;
import dev.campfire.realtime.access.Share;
import dev.campfire.realtime.access.Sight;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.DatabaseSettings;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.database.RecentCommits;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sees rows, by what a real Postgres's catalog says; asked by a service that is no superuser. */
final class PolicyVisibilityTest {

    private static final int CONNECTIONS = 2;

    private static EmbeddedPostgres postgres;
    private static Database database;

    private final AtomicLong now = new AtomicLong();
    private final PolicyVisibility visibility =
            new PolicyVisibility(database, "supabase_realtime", new RecentCommits(), now::get);

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        execute("""
                CREATE ROLE anon; CREATE ROLE service_role BYPASSRLS; CREATE ROLE owner; CREATE ROLE of_owner IN ROLE owner;
                CREATE ROLE stranger; CREATE ROLE root SUPERUSER; CREATE ROLE late;
                CREATE ROLE service LOGIN; GRANT anon, service_role, owner, of_owner, root, late TO service;
                CREATE SCHEMA hidden;
                CREATE TABLE open (id bigint PRIMARY KEY, name text);
                CREATE TABLE guarded (id bigint PRIMARY KEY, name text);
                CREATE TABLE forced (id bigint PRIMARY KEY, name text);
                CREATE TABLE half (id bigint PRIMARY KEY, name text);
                CREATE TABLE hidden.away (id bigint PRIMARY KEY, name text);
                GRANT SELECT ON open, guarded, forced, hidden.away TO PUBLIC; GRANT SELECT (name) ON half TO anon;
                ALTER TABLE guarded OWNER TO owner; ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
                ALTER TABLE forced OWNER TO owner; ALTER TABLE forced ENABLE ROW LEVEL SECURITY;
                ALTER TABLE forced FORCE ROW LEVEL SECURITY;
                CREATE POLICY everybody ON guarded USING (true);
                CREATE TABLE whole (id bigint PRIMARY KEY, name text) PARTITION BY RANGE (id);
                CREATE TABLE part PARTITION OF whole FOR VALUES FROM (0) TO (100);
                GRANT SELECT ON whole, part TO PUBLIC; ALTER TABLE whole ENABLE ROW LEVEL SECURITY;
                CREATE POLICY of_whole ON whole USING (
                  whole.name = 'b' OR EXISTS (SELECT 1 FROM open WHERE open.name = whole.name));
                CREATE TABLE behind (id bigint PRIMARY KEY, name text); INSERT INTO behind VALUES (1, 'a');
                CREATE TABLE leaning (id bigint PRIMARY KEY, name text);
                GRANT SELECT ON behind, leaning TO PUBLIC;
                ALTER TABLE behind ENABLE ROW LEVEL SECURITY; ALTER TABLE leaning ENABLE ROW LEVEL SECURITY;
                CREATE POLICY shown ON behind USING (true);
                CREATE POLICY leans ON leaning USING (
                  current_setting('request.jwt.claims', true) IS NOT NULL
                  AND EXISTS (SELECT 1 FROM behind WHERE behind.name = leaning.name));
                CREATE TABLE lookup (id bigint PRIMARY KEY, name text); INSERT INTO lookup VALUES (1, 'a');
                CREATE TABLE looking (id bigint PRIMARY KEY, name text);
                GRANT SELECT ON lookup TO anon; GRANT SELECT ON looking TO PUBLIC;
                ALTER TABLE looking ENABLE ROW LEVEL SECURITY;
                CREATE POLICY looks ON looking USING (EXISTS (SELECT 1 FROM lookup WHERE lookup.id = looking.id));
                CREATE FUNCTION number() RETURNS text LANGUAGE sql STABLE AS $$
                  SELECT (current_setting('request.jwt.claims', true)::json ->> 'sub') $$;
                CREATE TABLE numbered (id bigint PRIMARY KEY, name text); GRANT SELECT ON numbered TO PUBLIC;
                ALTER TABLE numbered ENABLE ROW LEVEL SECURITY;
                CREATE POLICY from_ninety ON numbered USING (number()::int >= 90 AND name = 'a');
                CREATE SCHEMA private;
                CREATE TYPE private.mood AS ENUM ('a', 'b');
                CREATE FUNCTION private.allows(bigint) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS 'SELECT $1 < 10';
                CREATE TABLE rooms (id bigint PRIMARY KEY, name text); INSERT INTO rooms VALUES (1, 'a');
                CREATE TABLE moods (id bigint PRIMARY KEY, name text); INSERT INTO moods VALUES (1, 'a');
                CREATE TABLE feelings (id bigint PRIMARY KEY, name private.mood); INSERT INTO feelings VALUES (1, 'a');
                GRANT SELECT ON rooms, moods, feelings TO PUBLIC; ALTER TABLE feelings ENABLE ROW LEVEL SECURITY;
                CREATE POLICY felt ON feelings USING (name IS NOT NULL);
                ALTER TABLE rooms ENABLE ROW LEVEL SECURITY; ALTER TABLE moods ENABLE ROW LEVEL SECURITY;
                CREATE POLICY allowed ON rooms USING (private.allows(id));
                CREATE POLICY of_mood ON moods USING ('a'::private.mood IS NOT NULL AND id > 0);
                CREATE PUBLICATION supabase_realtime FOR TABLE behind, leaning, lookup""");
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "service", "trusted", Map.of()),
                CONNECTIONS);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Change change(String table) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT '" + table + "'::regclass::oid::int8")) {
            row.next();
            Relation relation = new Relation(
                    row.getInt(1),
                    "public",
                    table,
                    ReplicaIdentity.DEFAULT,
                    List.of(
                            new Column("id", PostgresType.base(20, "int8"), true, true),
                            new Column("name", PostgresType.base(25, "text"), false, false)));
            return new Change(
                    new ChangeId(1, 1, 0), 1, Instant.EPOCH, Operation.INSERT, relation, null, Row.of("1", "a"), null);
        }
    }

    private Sight ask(Change change, String role) throws Exception {
        return visibility
                .ask(change, Panel.of(new Viewer(role, "{}")))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .getFirst()
                .sight();
    }

    /** What somebody of this role sees; null when it is not known. */
    private Sight known(Change change, String role) {
        Judgement known = visibility.known(change, Panel.of(new Viewer(role, "{}")));
        return known.isWhole() ? known.shares().getFirst().sight() : null;
    }

    @ParameterizedTest
    @CsvSource({
        "open, anon, true",
        "open, service_role, true",
        "guarded, anon, true",
        "guarded, service_role, true",
        "guarded, owner, true",
        "guarded, of_owner, true",
        "forced, owner, false",
        "forced, service_role, true",
        "part, anon, false",
        "part, service_role, true",
        "open, stranger, false",
        "open, root, false",
        "open, nobody_of_this_name, false"
    })
    void a_row_is_seen_by_those_whom_nothing_binds_and_for_whom_the_service_may_act(
            String table, String role, boolean sees) throws Exception {
        Sight sight = ask(change(table), role);

        assertThat(sight.seesNew()).as(sight.withheldBecause()).isEqualTo(sees);
        assertThat(sight.seesOld()).isEqualTo(sees);
        assertThat(sight.withheldBecause() == null).isEqualTo(sees);
    }

    @Test
    void a_partition_is_judged_by_the_policies_of_the_table_that_it_is_a_part_of() throws Exception {
        Change change = change("part");
        Change shown = new Change(
                change.id(), 1, Instant.EPOCH, Operation.INSERT, change.relation(), null, Row.of("1", "b"), null);

        assertThat(ask(shown, "anon").seesNew()).isTrue();
        assertThat(ask(change, "anon").seesNew()).isFalse();
    }

    @Test
    void a_role_that_may_not_read_the_key_sees_columns_but_is_not_complete() throws Exception {
        Sight sight = ask(change("half"), "anon");

        assertThat(sight.hasSchema()).isFalse();
        assertThat(sight.columns()).isEqualTo(BitSet.valueOf(new long[] {0b10}));
    }

    @Test
    void a_role_that_may_not_use_the_schema_is_not_complete() throws Exception {
        assertThat(ask(change("hidden.away"), "anon").hasSchema()).isFalse();
        assertThat(ask(change("open"), "anon").hasSchema()).isTrue();
    }

    @Test
    void what_was_read_is_known_for_ten_seconds_and_for_that_version_of_the_table() throws Exception {
        Change change = change("open");
        assertThat(known(change, "late")).isNull();

        ask(change, "late");

        assertThat(known(change, "late").seesNew()).isTrue();
        assertThat(known(change("open"), "late")).isNull();
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(known(change, "late")).isNull();
    }

    /** What is sent to the same ones is written together where they are the same object. */
    @Test
    void a_panel_is_divided_into_the_same_sets_for_change_after_change() throws Exception {
        Panel panel = Panel.of(IntStream.range(0, 100)
                        .mapToObj(i -> new Viewer("anon", "{\"sub\":\"" + i + "\"}"))
                        .toList())
                .getFirst();
        Change change = change("numbered");

        List<Share> asked = visibility.ask(change, panel).toCompletableFuture().get(10, TimeUnit.SECONDS);
        Judgement first = visibility.known(change, panel);
        Judgement second = visibility.known(change, panel);

        assertThat(first.isWhole()).isTrue();
        assertThat(first.shares()).hasSize(2);
        assertThat(first.shares())
                .extracting(
                        share -> share.sight().seesNew() + " " + share.viewers().size())
                .containsExactlyInAnyOrder("true 10", "false 90");
        for (int i = 0; i < 2; i++) {
            assertThat(second.shares().get(i).viewers())
                    .isSameAs(first.shares().get(i).viewers())
                    .isSameAs(asked.get(i).viewers());
        }
        assertThat(visibility.known(change("open"), panel).isNothing()).isTrue();
        Change open = change("open");
        visibility.ask(open, panel).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(visibility.known(open, panel).shares().getFirst().viewers()).isSameAs(panel.set());
    }

    @Test
    void what_is_not_known_of_somebody_is_asked_about_that_one_alone() throws Exception {
        List<Viewer> some = List.of(new Viewer("anon", "{\"sub\":\"1\"}"), new Viewer("anon", "{\"sub\":\"91\"}"));
        List<Viewer> more = List.of(some.get(0), new Viewer("anon", "{\"sub\":\"2\"}"), some.get(1));
        Change change = change("numbered");
        visibility.ask(change, Panel.of(some).getFirst()).toCompletableFuture().get(10, TimeUnit.SECONDS);

        Judgement known = visibility.known(change, Panel.of(more).getFirst());

        assertThat(known.unknown()).containsExactly(more.get(1));
        assertThat(known.shares())
                .extracting(Share::viewers)
                .containsExactlyInAnyOrder(Set.of(some.get(0)), Set.of(some.get(1)));
    }

    /** Whoever comes or goes makes another panel of an audience. */
    @Test
    void a_panel_that_nobody_holds_is_forgotten() throws Exception {
        Change change = change("numbered");
        WeakReference<Panel> panel = new WeakReference<>(judged(change));

        await().until(() -> {
            System.gc();
            return panel.get() == null;
        });
    }

    private Panel judged(Change change) throws Exception {
        Panel panel = Panel.of(List.of(new Viewer("anon", "{\"sub\":\"1\"}"), new Viewer("anon", "{\"sub\":\"91\"}")))
                .getFirst();
        visibility.ask(change, panel).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(visibility.known(change, panel).isWhole()).isTrue();
        return panel;
    }

    private void observe(Change change) {
        visibility.observe(List.of(change), true);
    }

    private Sight awaitKnown(Change change, String role) {
        return await().until(() -> known(change, role), Objects::nonNull);
    }

    /** Postgres sends a version of a table whenever it has analysed it, and thousands of changes are right behind. */
    @Test
    void a_new_version_of_a_table_is_known_without_a_question_to_those_who_knew_the_former_one() throws Exception {
        Change open = change("open");
        Change leaning = change("leaning");
        observe(open);
        observe(leaning);
        ask(open, "late");
        ask(leaning, "anon");
        Change openAgain = change("open");
        Change leaningAgain = change("leaning");

        observe(openAgain);
        observe(leaningAgain);

        assertThat(awaitKnown(openAgain, "late").seesNew()).isTrue();
        assertThat(awaitKnown(leaningAgain, "anon").seesNew()).isTrue();
        assertThat(known(openAgain, "stranger")).isNull();
    }

    @Test
    void a_new_version_of_a_table_is_judged_by_the_privileges_that_it_came_with() throws Exception {
        Change before = change("open");
        observe(before);
        assertThat(ask(before, "late").hasSchema()).isTrue();
        execute("REVOKE SELECT ON open FROM PUBLIC");
        try {
            Change after = change("open");

            observe(after);

            assertThat(awaitKnown(after, "late").hasSchema()).isFalse();
            assertThat(known(before, "late")).isNull();
        } finally {
            execute("GRANT SELECT ON open TO PUBLIC");
        }
    }

    @Test
    void a_new_version_of_a_table_waits_only_for_a_moment_for_a_database_that_does_not_answer() throws Exception {
        Change before = change("open");
        observe(before);
        ask(before, "late");
        Change after = change("open");
        CountDownLatch isOver = new CountDownLatch(1);
        CountDownLatch areTaken = new CountDownLatch(CONNECTIONS);
        for (int i = 0; i < CONNECTIONS; i++) {
            database.askLater(connection -> {
                areTaken.countDown();
                try {
                    return isOver.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        assertThat(areTaken.await(10, TimeUnit.SECONDS)).isTrue();
        try {
            long start = System.nanoTime();
            observe(after);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            // A question waits for five seconds for a connection.
            assertThat(took).isLessThan(Duration.ofSeconds(4));
            assertThat(known(after, "late")).isNull();
        } finally {
            isOver.countDown();
        }
        assertThat(awaitKnown(after, "late").seesNew()).isTrue();
    }

    /** Answers are kept by what was asked: what differs in its policies must not be taken for the same. */
    @Test
    void a_question_is_another_one_when_the_policies_of_a_table_change_that_it_reads() throws Exception {
        Predicate before = predicate("leaning");
        assertThat(before).isInstanceOf(Predicate.OneByOne.class).isEqualTo(predicate("leaning"));

        execute("ALTER POLICY shown ON behind USING (name IS NOT NULL)");

        assertThat(predicate("leaning")).isNotEqualTo(before);
    }

    /** One statement for all viewers runs as a role that may have been granted less than they. */
    @Test
    void what_the_role_that_judges_many_may_not_read_is_asked_viewer_by_viewer() throws Exception {
        assertThat(predicate("looking")).isInstanceOf(Predicate.OneByOne.class);
        assertThat(ask(change("looking"), "anon").seesNew()).isTrue();

        execute("GRANT SELECT (id) ON lookup TO service_role");
        assertThat(predicate("looking")).as("all columns are named").isInstanceOf(Predicate.OneByOne.class);
        execute("GRANT SELECT ON lookup TO service_role");
        assertThat(predicate("looking")).isInstanceOf(Predicate.Together.class);
        execute("REVOKE SELECT ON lookup, looking FROM service_role");
        assertThat(predicate("looking")).isInstanceOf(Predicate.OneByOne.class);
    }

    /** Postgres asks for no privilege on the schema of what a policy calls: it has looked the name up long ago. */
    @ParameterizedTest
    @ValueSource(strings = {"rooms", "moods", "feelings"})
    void policies_that_name_what_is_in_a_schema_of_others_are_asked_about_the_row(String table) throws Exception {
        assertThat(ask(change(table), "anon").seesNew()).isTrue();

        execute("UPDATE " + table + " SET name = 'b'");

        assertThat(ask(change(table), "anon").seesNew())
                .as("the row is another one now")
                .isFalse();
    }

    private static Predicate predicate(String table) throws Exception {
        Relation relation = change(table).relation();
        return database.ask(connection -> {
            PolicyReader policies = new PolicyReader(connection, "supabase_realtime");
            PolicyTable read = policies.table(relation.oid());
            return new RightsReader(connection, policies)
                    .rights(relation, read, "anon")
                    .predicate();
        });
    }
}
