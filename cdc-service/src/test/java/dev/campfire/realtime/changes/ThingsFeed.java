package dev.campfire.realtime.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.campfire.realtime.access.Viewer;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.channel.ChannelHub;
import dev.campfire.realtime.channel.FrameEncoder;
import dev.campfire.realtime.channel.FrameFormat;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.limits.Tenant;
import dev.campfire.realtime.limits.TenantLimits;
import dev.campfire.realtime.mapping.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A feed of what is done to the table {@code things}, those who subscribe to it, and a visibility that does as it is told. */
final class ThingsFeed {

    static final PostgresType INT8 = PostgresType.base(20, "int8");
    static final PostgresType TEXT = PostgresType.base(25, "text");

    /** Subscribes to everything of the table. Bindings are written with ' in the place of ". */
    static final String ALL = "{'event':'*','schema':'public','table':'things'}";

    private static final FrameFormat AS_TEXT = topic -> new FrameEncoder() {
        @Override
        public void encode(Message message, ByteBuf out) {
            out.writeCharSequence(text(message) + "\n", StandardCharsets.UTF_8);
        }

        @Override
        public int overhead() {
            return 16;
        }
    };

    final ChannelHub hub = new ChannelHub(new UnpooledByteBufAllocator(false), 1 << 20);
    final FakeVisibility visibility = new FakeVisibility();
    final Tenant tenant = new Tenant("test", TenantLimits.DEFAULT.payload(1_000));
    final PostgresChangeFeed feed;

    private final Executor loop = Runnable::run;
    private final int things;
    private final Relation relation;
    private int commits;

    ThingsFeed(ThingsPostgres postgres) {
        feed = new PostgresChangeFeed(hub, postgres.database(), "supabase_realtime", visibility, tenant);
        things = postgres.things();
        relation = table(ReplicaIdentity.FULL);
    }

    static String filtered(String filter) {
        return ALL.replace("}", ",'filter':'" + filter + "'}");
    }

    /** The number by which clients know a binding. */
    static long id(String binding) throws Exception {
        return BindingIds.idOf(json(binding));
    }

    /** What stands behind the data of the change with this number: by what a client goes on that was away. */
    static String meta(long commit) {
        return ",'meta':{'id':'" + new Position(new ChangeId(1, commit, 0), 0) + "'}}";
    }

    private static JsonNode json(String binding) throws Exception {
        return new JsonMapper().readTree(binding.replace('\'', '"'));
    }

    /** The table, as one whose old rows are logged this way. */
    Relation table(ReplicaIdentity identity) {
        boolean isFull = identity == ReplicaIdentity.FULL;
        return table(identity, List.of(new Column("id", INT8, true, true), new Column("name", TEXT, false, isFull)));
    }

    Relation table(ReplicaIdentity identity, List<Column> columns) {
        return new Relation(things, "public", "things", identity, columns);
    }

    Change change(Operation operation, Row before, Row after) {
        return change(relation, operation, before, after);
    }

    Change change(Relation table, Operation operation, Row before, Row after) {
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

    Change insert(long id, String name) {
        return change(Operation.INSERT, null, Row.of(Long.toString(id), name));
    }

    void publish(Change... changes) throws Exception {
        feed.publish(List.of(changes));
    }

    Subscriber subscribe(String... bindings) throws Exception {
        return subscribeAs("anon", bindings);
    }

    Subscriber subscribeAs(String role, String... bindings) throws Exception {
        return subscribe(role, false, false, bindings);
    }

    /** Somebody who wants to be told why something is withheld. */
    Subscriber subscribeExplained(String role, String... bindings) throws Exception {
        return subscribe(role, true, false, bindings);
    }

    /** Somebody who wants to be told of rows that leave. */
    Subscriber subscribeToLeaves(String role, String... bindings) throws Exception {
        return subscribe(role, false, true, bindings);
    }

    private Subscriber subscribe(String role, boolean explains, boolean leaves, String... bindings) throws Exception {
        Viewer viewer = new Viewer(role, "{}");
        List<JsonNode> entries = new ArrayList<>();
        for (String binding : bindings) {
            entries.add(json(binding));
        }
        List<String> failures = new CopyOnWriteArrayList<>();
        SubscribeOutcome outcome = feed.subscribe(
                        new Subscribing(entries, viewer, Subscribing.Form.CURRENT, explains, leaves, failures::add))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        LinesOutlet outlet = new LinesOutlet();
        if (outcome instanceof SubscribeOutcome.Subscribed subscribed) {
            hub.on(loop).join(subscribed.key(), outlet, AS_TEXT, "realtime:t", viewer);
        }
        return new Subscriber(outlet.got, failures, outcome);
    }

    private static String text(Message message) {
        return switch (message) {
            case Message.Push push -> new String(push.payload(), StandardCharsets.UTF_8).replace('"', '\'');
            case Message.Broadcast broadcast -> broadcast.event();
        };
    }

    /** Somebody who subscribed: the messages as they came, with ' in the place of ". */
    record Subscriber(List<String> got, List<String> failures, SubscribeOutcome outcome) {

        /** The ids of the rows that came, in order. */
        List<String> rows() {
            return got.stream()
                    .map(text -> text.replaceAll(".*'record':\\{'id':(-?\\d+).*", "$1"))
                    .toList();
        }

        void close() {
            ((SubscribeOutcome.Subscribed) outcome).subscription().close();
        }
    }
}
