package dev.campfire.realtime.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
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
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.FrameFormat;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.channel.Outlet;
import dev.campfire.realtime.database.Database;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From changes to the messages of those who subscribed, with a real Postgres to ask. */
final class PostgresChangeFeedTest {

    private static final PostgresType INT8 = PostgresType.base(20, "int8");
    private static final PostgresType TEXT = PostgresType.base(25, "text");

    private static EmbeddedPostgres postgres;
    private static Database database;
    private static int things;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE things (id bigint PRIMARY KEY, name text);"
                    + " CREATE ROLE anon; CREATE ROLE blind; GRANT SELECT ON things TO anon, blind;"
                    + " CREATE PUBLICATION supabase_realtime FOR TABLE things");
            try (var row = statement.executeQuery("SELECT 'things'::regclass::oid::int8")) {
                row.next();
                things = row.getInt(1);
            }
        }
        database = new Database(
                new DatabaseSettings("127.0.0.1", postgres.getPort(), "postgres", "postgres", "postgres", Map.of()), 3);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 1 << 20);
    private final Executor loop = Runnable::run;
    private final FakeVisibility visibility = new FakeVisibility();
    private final Tenant tenant = new Tenant("test", TenantLimits.DEFAULT.payload(1_000));
    private final PostgresChangeFeed feed =
            new PostgresChangeFeed(hub, database, "supabase_realtime", visibility, tenant);
    private final Relation relation = relation(ReplicaIdentity.FULL);
    private int commits;

    private static Relation relation(ReplicaIdentity identity) {
        boolean isFull = identity == ReplicaIdentity.FULL;
        return new Relation(
                things,
                "public",
                "things",
                identity,
                List.of(new Column("id", INT8, true, true), new Column("name", TEXT, false, isFull)));
    }

    private Change change(Operation operation, Row before, Row after) {
        return change(relation, operation, before, after);
    }

    private Change change(Relation table, Operation operation, Row before, Row after) {
        return new Change(
                new ChangeId(1, ++commits, 0),
                1,
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                operation,
                table,
                before,
                after,
                null);
    }

    private Change insert(long id, String name) {
        return change(Operation.INSERT, null, Row.of(Long.toString(id), name));
    }

    /** Somebody who subscribed: the messages as they came. */
    private final class Subscriber implements Outlet {
        final List<String> got = new CopyOnWriteArrayList<>();
        final List<String> failures = new CopyOnWriteArrayList<>();
        final SubscribeOutcome outcome;

        Subscriber(String role, boolean explains, String... bindings) throws Exception {
            this(role, explains, false, bindings);
        }

        Subscriber(String role, boolean explains, boolean leaves, String... bindings) throws Exception {
            Viewer viewer = new Viewer(role, "{}");
            List<com.fasterxml.jackson.databind.JsonNode> entries = new ArrayList<>();
            for (String binding : bindings) {
                entries.add(new JsonMapper().readTree(binding.replace('\'', '"')));
            }
            outcome = feed.subscribe(
                            new Subscribing(entries, viewer, Subscribing.Form.CURRENT, explains, leaves, failures::add))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            if (outcome instanceof SubscribeOutcome.Subscribed subscribed) {
                FrameFormat format = topic -> new dev.campfire.realtime.channel.FrameEncoder() {
                    @Override
                    public void encode(Message message, ByteBuf out) {
                        out.writeCharSequence(text(message) + "\n", StandardCharsets.UTF_8);
                    }

                    @Override
                    public int overhead() {
                        return 16;
                    }
                };
                hub.on(loop).join(subscribed.key(), this, format, "realtime:t", viewer);
            }
        }

        private static String text(Message message) {
            return switch (message) {
                case Message.Push push -> new String(push.payload(), StandardCharsets.UTF_8).replace('"', '\'');
                case Message.Broadcast broadcast -> broadcast.event();
            };
        }

        /** The ids of the rows that came, in order. */
        List<String> rows() {
            return got.stream()
                    .map(text -> text.replaceAll(".*'record':\\{'id':(-?\\d+).*", "$1"))
                    .toList();
        }

        @Override
        public boolean write(ByteBuf frames) {
            got.addAll(frames.toString(StandardCharsets.UTF_8).lines().toList());
            frames.release();
            return true;
        }

        @Override
        public void flush() {}

        @Override
        public long waiting() {
            return 0;
        }

        @Override
        public long taken() {
            return 0;
        }

        @Override
        public void fail(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    private Subscriber subscribe(String... bindings) throws Exception {
        return new Subscriber("anon", false, bindings);
    }

    private static final String ALL = "{'event':'*','schema':'public','table':'things'}";

    private static String filtered(String filter) {
        return ALL.replace("}", ",'filter':'" + filter + "'}");
    }

    private static long id(String binding) throws Exception {
        return BindingIds.idOf(new JsonMapper().readTree(binding.replace('\'', '"')));
    }

    @Test
    void a_change_is_told_as_the_original_tells_it() throws Exception {
        Subscriber subscriber = subscribe(ALL);

        feed.publish(List.of(
                insert(1, "a"),
                change(Operation.UPDATE, Row.of("1", "a"), Row.of("1", "b")),
                change(Operation.DELETE, Row.of("1", "b"), null)));

        String start = "{'ids':[" + id(ALL) + "],'data':{'schema':'public','table':'things','type':'";
        String middle = "','commit_timestamp':'2026-01-02T03:04:05.678Z','columns':[{'name':'id','type':'int8'},"
                + "{'name':'name','type':'text'}],";
        assertThat(subscriber.got)
                .containsExactly(
                        start + "INSERT" + middle + "'record':{'id':1,'name':'a'},'errors':null}" + meta(1),
                        start + "UPDATE" + middle
                                + "'record':{'id':1,'name':'b'},'old_record':{'id':1,'name':'a'},'errors':null}"
                                + meta(2),
                        start + "DELETE" + middle + "'old_record':{'id':1,'name':'b'},'errors':null}" + meta(3));
    }

    @Test
    void under_the_default_identity_the_old_record_is_the_key() throws Exception {
        Relation table = relation(ReplicaIdentity.DEFAULT);
        Subscriber subscriber = subscribe(ALL);

        feed.publish(List.of(
                change(table, Operation.UPDATE, null, Row.of("1", "b")),
                change(table, Operation.DELETE, Row.of("1", "invented"), null)));

        assertThat(subscriber.got).allSatisfy(message -> assertThat(message).contains("'old_record':{'id':1}"));
    }

    @Test
    void a_delete_that_logs_the_key_alone_passes_no_filter_on_another_column() throws Exception {
        Relation table = relation(ReplicaIdentity.DEFAULT);
        Subscriber byName = subscribe(filtered("name=eq.a"));
        Subscriber byKey = subscribe(filtered("id=eq.1"));

        feed.publish(List.of(change(table, Operation.DELETE, Row.of("1", "a"), null)));

        assertThat(byName.got).isEmpty();
        assertThat(byKey.got).hasSize(1);
    }

    @Test
    void all_bindings_of_a_channel_that_match_are_in_one_message_the_last_first() throws Exception {
        String insert = ALL.replace("'*'", "'INSERT'");
        Subscriber subscriber = subscribe(ALL, filtered("id=gt.5"), insert);

        feed.publish(List.of(insert(3, "a")));

        assertThat(subscriber.got)
                .singleElement()
                .asString()
                .startsWith("{'ids':[" + id(insert) + "," + id(ALL) + "],'data':");
    }

    @Test
    void a_selection_keeps_the_key_and_hides_the_rest() throws Exception {
        Subscriber subscriber = subscribe(ALL.replace("}", ",'select':['id']}"));

        feed.publish(List.of(insert(1, "a")));

        assertThat(subscriber.got)
                .singleElement()
                .asString()
                .contains("'columns':[{'name':'id','type':'int8'}],'record':{'id':1},");
    }

    @Test
    void a_change_costs_what_it_matches_and_not_what_is_subscribed() throws Exception {
        List<Subscriber> subscribers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            subscribers.add(subscribe(filtered("id=eq." + i)));
        }

        feed.publish(List.of(insert(7, "a"), insert(150, "b"), insert(1_000, "c")));

        assertThat(IntStream.range(0, 200).filter(i -> !subscribers.get(i).got.isEmpty()))
                .containsExactly(7, 150);
        assertThat(hub.counts().delivered()).isEqualTo(2);
    }

    @Test
    void whoever_waits_for_an_answer_keeps_the_order_and_nobody_else_waits() throws Exception {
        visibility.slow.add("blind");
        visibility.gates.put("1", new CompletableFuture<>());
        Subscriber slow = new Subscriber("blind", false, ALL);
        Subscriber quick = subscribe(ALL);

        feed.publish(List.of(insert(1, "a"), insert(2, "b"), insert(3, "c")));

        assertThat(quick.rows()).containsExactly("1", "2", "3");
        assertThat(slow.got).isEmpty();
        visibility.gates.get("1").complete(null);
        await().untilAsserted(() -> assertThat(slow.rows()).containsExactly("1", "2", "3"));
    }

    @Test
    void a_pattern_is_asked_of_postgres_and_its_answers_keep_the_order() throws Exception {
        Subscriber subscriber = subscribe(filtered("name=like.a%"), filtered("id=eq.4"));

        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            changes.add(insert(i, i % 2 == 0 ? "abc" : "xyz"));
        }
        feed.publish(changes);

        List<String> expected = IntStream.range(0, 100)
                .filter(i -> i % 2 == 0)
                .mapToObj(Integer::toString)
                .toList();
        await().untilAsserted(() -> assertThat(subscriber.rows()).containsExactlyElementsOf(expected));
    }

    @Test
    void who_may_not_see_gets_nothing_and_service_role_is_told_why() throws Exception {
        visibility.blind.add("blind");
        Subscriber blind = new Subscriber("blind", false, ALL);
        Subscriber explained = new Subscriber("postgres", true, ALL);

        feed.publish(List.of(insert(1, "a")));

        assertThat(blind.got).isEmpty();
        assertThat(explained.got)
                .hasSize(2)
                .last()
                .isEqualTo("{'extension':'postgres_changes','status':'withheld','message':"
                        + "'INSERT on public.things withheld from role blind: it is not theirs'}");
    }

    @Test
    void what_can_not_be_asked_is_tried_again() throws Exception {
        visibility.slow.add("blind");
        visibility.failures.set(2);
        Subscriber subscriber = new Subscriber("blind", false, ALL);

        feed.publish(List.of(insert(1, "a"), insert(2, "b")));

        await().untilAsserted(() -> assertThat(subscriber.rows()).containsExactly("1", "2"));
        assertThat(subscriber.failures).isEmpty();
    }

    @Test
    void a_role_that_may_not_read_the_key_gets_error_401() throws Exception {
        visibility.columns.clear(0);
        Subscriber subscriber = subscribe(ALL);

        feed.publish(List.of(insert(1, "a")));

        assertThat(subscriber.got)
                .containsExactly("{'ids':[" + id(ALL) + "],'data':{'schema':'public','table':'things','type':'INSERT',"
                        + "'commit_timestamp':null,'columns':[],'record':{},'errors':['Error 401: Unauthorized']}"
                        + meta(1));
    }

    /** What stands behind the data: by what a client goes on that was away. */
    private static String meta(long lsn) {
        return ",'meta':{'id':'" + new Position(new ChangeId(1, lsn, 0), 0) + "'}}";
    }

    @Test
    void a_table_without_a_key_gives_error_400_to_all_its_subscribers() throws Exception {
        Relation keyless = new Relation(
                things, "public", "things", ReplicaIdentity.NOTHING, List.of(new Column("id", INT8, false, false)));
        Subscriber subscriber = subscribe(filtered("id=eq.99"));

        feed.publish(List.of(change(keyless, Operation.INSERT, null, Row.of("1"))));

        assertThat(subscriber.got)
                .singleElement()
                .asString()
                .contains("'errors':['Error 400: Bad Request, no primary key']");
    }

    @Test
    void a_record_that_is_too_large_loses_its_large_values() throws Exception {
        tenant.limit(new TenantLimits(1, 1, 1_000, 1_000, 1, 1, java.time.Duration.ZERO, 1, 1, 1, 300, false, false));
        Subscriber subscriber = subscribe(ALL);

        feed.publish(List.of(insert(1, "x".repeat(500))));

        assertThat(subscriber.got)
                .singleElement()
                .asString()
                .contains("'record':{'id':1},'errors':['Error 413: Payload Too Large']");
    }

    @Test
    void equal_subscriptions_are_one_audience_and_the_last_one_ends_it() throws Exception {
        Subscriber first = subscribe(ALL);
        Subscriber second = subscribe(ALL);
        assertThat(feed.audiences()).isEqualTo(1);

        close(first);
        feed.publish(List.of(insert(1, "a")));
        assertThat(second.got).hasSize(1);
        close(second);

        assertThat(feed.audiences()).isZero();
    }

    private static void close(Subscriber subscriber) {
        ((SubscribeOutcome.Subscribed) subscriber.outcome).subscription().close();
    }

    @Test
    void a_table_that_has_changed_is_matched_as_it_is_now() throws Exception {
        Subscriber subscriber = subscribe(filtered("name=eq.a"));
        feed.publish(List.of(insert(1, "a")));
        Relation swapped = new Relation(
                things,
                "public",
                "things",
                ReplicaIdentity.FULL,
                List.of(new Column("name", TEXT, false, true), new Column("id", INT8, true, true)));

        feed.publish(List.of(change(swapped, Operation.INSERT, null, Row.of("a", "2"))));

        assertThat(subscriber.got).hasSize(2);
    }

    @Test
    void tables_of_the_messages_are_never_meant_by_a_wildcard() throws Exception {
        Subscriber subscriber = subscribe("{'event':'*','schema':'*'}");
        Relation messages = new Relation(
                1,
                "realtime",
                "messages_2026_01_01",
                ReplicaIdentity.DEFAULT,
                List.of(new Column("id", INT8, true, true)));

        feed.publish(List.of(change(messages, Operation.INSERT, null, Row.of("1")), insert(2, "a")));

        assertThat(subscriber.rows()).containsExactly("2");
    }

    private Change update(String before, String after) {
        return change(Operation.UPDATE, Row.of("1", before), Row.of("1", after));
    }

    @Test
    void those_who_asked_for_the_same_get_it_each_by_what_they_see() throws Exception {
        Subscriber seeing = subscribe(ALL);
        Subscriber blind = new Subscriber("authenticated", false, ALL);
        visibility.blind.add("authenticated");

        feed.publish(List.of(insert(1, "a"), insert(2, "b")));

        assertThat(seeing.rows()).containsExactly("1", "2");
        assertThat(blind.got).isEmpty();
    }

    @Test
    void a_row_that_leaves_the_filter_or_the_sight_is_told_as_a_delete_with_the_key_to_those_who_asked_for_that()
            throws Exception {
        String binding = "{'event':'*','schema':'public','table':'things','filter':'name=eq.mine'}";
        Subscriber told = new Subscriber("anon", false, true, binding);
        Subscriber untold = new Subscriber("anon", false, false, binding);
        Subscriber never = new Subscriber("authenticated", false, true, binding);
        visibility.blindToOld.add("authenticated");

        feed.publish(List.of(update("mine", "theirs")));
        assertThat(told.got).hasSize(1);
        assertThat(told.got.getFirst())
                .contains("'type':'DELETE'", "'old_record':{'id':1}", "'errors':null")
                .doesNotContain("mine", "theirs");
        assertThat(untold.got).isEmpty();
        assertThat(never.got).isEmpty();

        feed.publish(List.of(update("mine", "mine")));
        assertThat(told.got.getLast()).contains("'type':'UPDATE'");
        assertThat(told.got).hasSize(2);

        visibility.blindToNew.add("anon");
        feed.publish(List.of(update("mine", "mine")));
        assertThat(told.got).hasSize(3);
        assertThat(told.got.getLast()).contains("'type':'DELETE'", "'old_record':{'id':1}");
        assertThat(untold.got).hasSize(1);
    }

    @Test
    void an_old_image_that_was_not_visible_is_not_shown_not_even_its_key() throws Exception {
        Subscriber some = subscribe(ALL);
        visibility.blindToOld.add("anon");

        feed.publish(List.of(change(Operation.UPDATE, Row.of("7", "before"), Row.of("8", "after"))));

        assertThat(some.got.getFirst()).contains("'old_record':{}").doesNotContain("7,", "before");
    }
}
