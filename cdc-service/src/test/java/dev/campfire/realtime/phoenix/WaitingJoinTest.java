package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.changes.Subscribing;
import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.mapping.Event;
import dev.campfire.realtime.mapping.Position;
import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joins that have to ask somebody first: the rest of the socket goes on, and nothing is lost in between. */
final class WaitingJoinTest {

    private static final String CHANGES = "{'config':{'postgres_changes':[{'event':'*','schema':'public'}]}}";

    private final SessionFixture fixture = new SessionFixture();
    private final Client client = fixture.connect(ProtocolVersion.V2);

    private static String reply(String ref, String payload) {
        return "['" + ref + "','" + ref + "','realtime:room','phx_reply'," + payload + "]";
    }

    private static String system(String joinRef, String extension, String status, String message) {
        return "['" + joinRef + "',null,'realtime:room','system',{'extension':'" + extension + "','status':'" + status
                + "','message':'" + message + "','channel':'room'}]";
    }

    private static final String SUBSCRIBED = system("1", "postgres_changes", "ok", "Subscribed to PostgreSQL");
    private static final String ECHO =
            reply("1", "{'status':'ok','response':{'postgres_changes':[{'event':'*','schema':'public','id':7}]}}");

    @Test
    void the_reply_comes_when_the_subscription_is_in_force() {
        fixture.feed.gate = new CompletableFuture<>();

        assertThat(client.join("realtime:room", "1", CHANGES)).isEmpty();
        fixture.feed.gate.complete(null);

        assertThat(client.take()).containsExactly(ECHO, SUBSCRIBED);
        assertThat(fixture.feed.open).hasSize(1);
    }

    @Test
    void a_change_that_comes_with_the_reply_stands_behind_it() {
        client.join("realtime:room", "1", CHANGES);

        fixture.hub.broadcast(
                fixture.feed.lastKey(),
                new Message.Push("postgres_changes", "{\"ids\":[7]}".getBytes(StandardCharsets.UTF_8)),
                null);

        assertThat(client.take()).containsExactly("[null,null,'realtime:room','postgres_changes',{'ids':[7]}]");
    }

    @Test
    void the_socket_goes_on_while_a_join_waits() {
        fixture.feed.gate = new CompletableFuture<>();
        client.join("realtime:room", "1", CHANGES);

        assertThat(client.send("[null,'2','phoenix','heartbeat',{}]")).hasSize(1);
        assertThat(client.join("realtime:other", "3", "{'config':{}}")).hasSize(1);
    }

    @Test
    void what_is_sent_on_a_joining_topic_is_handled_behind_the_answer() {
        fixture.feed.gate = new CompletableFuture<>();
        client.join("realtime:room", "1", CHANGES.replace("'config':{", "'config':{'broadcast':{'ack':true},"));

        assertThat(client.send("['1','2','realtime:room','broadcast',{'event':'e'}]"))
                .isEmpty();
        assertThat(client.send("['1','3','realtime:room','phx_leave',{}]")).isEmpty();
        fixture.feed.gate.complete(null);

        assertThat(client.take())
                .containsExactly(
                        ECHO,
                        SUBSCRIBED,
                        "['1','2','realtime:room','phx_reply',{'status':'ok','response':{}}]",
                        "['1','3','realtime:room','phx_reply',{'status':'ok','response':{}}]",
                        "['1','1','realtime:room','phx_close',{}]");
        assertThat(fixture.feed.open).isEmpty();
    }

    @Test
    void a_subscription_that_is_refused_leaves_the_channel_joined() {
        fixture.feed.refusal = "no such table";

        assertThat(client.join("realtime:room", "1", CHANGES))
                .containsExactly(ECHO, system("1", "postgres_changes", "error", "no such table"));
        assertThat(client.send("['1','2','realtime:room','phx_leave',{}]")).hasSize(2);
    }

    @Test
    void who_waits_for_the_subscription_is_refused_with_it() {
        fixture.feed.refusal = "no such table";

        assertThat(client.join("realtime:room", "1", waiting("true")))
                .containsExactly(reply(
                        "1",
                        "{'status':'error','response':{'reason':'RealtimeDisabledForConfiguration: no such table'}}"));
    }

    @Test
    void who_waits_is_told_when_it_takes_too_long() {
        fixture.feed.gate = new CompletableFuture<>();
        client.join("realtime:room", "1", waiting("true,'timeout':12000"));

        client.link.advance(Duration.ofMillis(11_999));
        assertThat(client.take()).isEmpty();
        client.link.advance(Duration.ofMillis(1));

        assertThat(client.take())
                .containsExactly(reply(
                        "1",
                        "{'status':'error','response':{'reason':'PostgresChangesSubscribeTimeout: Timed out after 12000ms"
                                + " waiting for the postgres_changes subscription'}}"));
    }

    private static String waiting(String options) {
        return CHANGES.replace("{'config':{", "{'config':{'postgres_changes_options':{'wait':" + options + "},");
    }

    @Test
    void a_subscription_that_comes_too_late_is_closed_again() {
        fixture.feed.gate = new CompletableFuture<>();
        client.join("realtime:room", "1", CHANGES);
        client.link.advance(Duration.ofSeconds(9));
        assertThat(client.take()).first().asString().contains("UnableToConnectToProject");

        fixture.feed.gate.complete(null);
        client.take();

        assertThat(fixture.feed.open).isEmpty();
    }

    @Test
    void a_socket_that_ends_while_it_joins_leaves_nothing_behind() {
        fixture.feed.gate = new CompletableFuture<>();
        client.join("realtime:room", "1", CHANGES);

        client.session.onClosed();
        fixture.feed.gate.complete(null);
        client.take();

        assertThat(fixture.feed.open).isEmpty();
        assertThat(fixture.hub.counts().subscriptions()).isZero();
        assertThat(fixture.tenant.users()).isZero();
    }

    @Test
    void what_hears_of_the_database_waits_until_the_stream_is_read() {
        fixture.ready = new CompletableFuture<>();

        assertThat(client.join("realtime:room", "1", CHANGES)).isEmpty();
        assertThat(client.join("realtime:org:o", "2", "{'config':{}}")).isEmpty();
        assertThat(client.join("realtime:public", "3", "{'config':{}}")).hasSize(1);
        fixture.ready.complete(null);

        assertThat(client.take()).contains(ECHO).hasSize(3);
    }

    @Test
    void a_failure_to_judge_changes_makes_the_client_come_again() {
        client.join("realtime:room", "1", CHANGES);

        fixture.feed.open.getFirst().onFailure().accept("it does not answer");

        assertThat(client.take())
                .containsExactly(
                        system("1", "postgres_changes", "error", "it does not answer"),
                        "['1','1','realtime:room','phx_error',{}]");
    }

    @Test
    void a_new_token_subscribes_anew_and_says_so() {
        client.join("realtime:room", "1", CHANGES);
        String token = fixture.token("authenticated", Duration.ofHours(2));

        assertThat(client.send("['1','2','realtime:room','access_token',{'access_token':'" + token + "'}]"))
                .containsExactly(SUBSCRIBED);
        client.link.advance(Duration.ofSeconds(60));
        assertThat(fixture.feed.open)
                .singleElement()
                .extracting(request -> request.viewer().role())
                .isEqualTo("authenticated");
    }

    @Test
    void what_is_on_its_way_when_the_token_is_renewed_comes_once() {
        client.join("realtime:room", "1", CHANGES);
        ChannelKey before = fixture.feed.lastKey();
        fixture.feed.sequence = 10;
        String token = fixture.token("authenticated", Duration.ofHours(2));
        client.send("['1','2','realtime:room','access_token',{'access_token':'" + token + "'}]");
        ChannelKey after = fixture.feed.lastKey();

        for (long sequence = 9; sequence <= 12; sequence++) {
            Message.Push push = new Message.Push(
                    "postgres_changes", ("{\"n\":" + sequence + "}").getBytes(StandardCharsets.UTF_8), sequence, null);
            fixture.hub.broadcast(before, push, null);
            fixture.hub.broadcast(after, push, null);
        }

        assertThat(client.take())
                .extracting(message -> message.replaceAll(".*'n':(\\d+).*", "$1"))
                .containsExactly("9", "10", "11", "12");
        client.link.advance(Duration.ofSeconds(60));
        fixture.hub.broadcast(before, new Message.Push("postgres_changes", new byte[] {'{', '}'}, 13, null), null);
        assertThat(client.take()).isEmpty();
        assertThat(fixture.hub.counts().subscriptions()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "public | {\"event\":\"*\",\"schema\":\"public\"}",
                "public:users | {\"event\":\"*\",\"schema\":\"public\",\"table\":\"users\"}",
                "public:users:id=eq.1 | {\"event\":\"*\",\"schema\":\"public\",\"table\":\"users\",\"filter\":\"id=eq.1\"}",
                "* | {\"event\":\"*\",\"schema\":\"*\"}"
            })
    void a_join_without_a_config_subscribes_to_what_its_topic_names(String topic, String entry) {
        assertThat(client.join("realtime:" + topic, "1", "{}"))
                .first()
                .asString()
                .contains("'postgres_changes':[]");

        Subscribing request = fixture.feed.open.getFirst();
        assertThat(request.form()).isEqualTo(Subscribing.Form.LEGACY);
        assertThat(request.bindings()).singleElement().hasToString(entry);
    }

    @Test
    void only_service_role_is_told_what_is_withheld() {
        String asking = CHANGES.replace("{'config':{", "{'config':{'postgres_changes_options':{'explain':true},");
        client.join("realtime:room", "1", asking);
        Client service = fixture.connect(ProtocolVersion.V2, fixture.token("service_role", Duration.ofHours(1)));
        service.join("realtime:room", "1", asking);

        assertThat(fixture.feed.open).extracting(Subscribing::explains).containsExactly(false, true);
    }

    @Test
    void who_asks_is_told_that_the_stream_is_read() {
        assertThat(client.join("realtime:room", "1", "{'config':{'broadcast':{'replication_ready':true}}}"))
                .contains(system("1", "system", "ok", "Replication connection established"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'private':false,'broadcast':{'replay':{'since':1}} | UnableToReplayMessages: Replay is not allowed for public channels",
                "'private':true,'broadcast':{'replay':{'limit':1}} | UnableToReplayMessages: Replay params are not valid",
                "'private':true,'broadcast':{'replay':{'since':'x'}} | UnableToReplayMessages: Replay params are not valid"
            })
    void a_replay_that_is_not_possible_refuses_the_join(String config, String reason) {
        fixture.allow("anon", "room");

        assertThat(client.join("realtime:room", "1", "{'config':{" + config + "}}"))
                .containsExactly(reply("1", "{'status':'error','response':{'reason':'" + reason + "'}}"));
    }

    private static Event event(int number) {
        return new Event(
                new Position(new ChangeId(1, number, 0), 0),
                "id-" + number,
                "room",
                true,
                "e",
                Instant.EPOCH,
                false,
                ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_replay_says_that_it_is_one_and_comes_before_what_is_live() {
        fixture.allow("anon", "room");
        fixture.history.add(event(1));

        assertThat(client.join("realtime:room", "1", "{'config':{'private':true,'broadcast':{'replay':{'since':1}}}}"))
                .containsExactly(
                        reply("1", "{'status':'ok','response':{'postgres_changes':[]}}"),
                        "['1',null,'realtime:room','broadcast',{'type':'broadcast','event':'e','payload':{'n':1},"
                                + "'meta':{'replayed':true,'id':'id-1'}}]");
    }

    @Test
    void between_replay_and_live_nothing_is_lost_and_nothing_comes_twice() throws Exception {
        long seed = Long.getLong("campfire.seed", new Random().nextLong());
        System.out.println("WaitingJoinTest seed " + seed);
        Random random = new Random(seed);
        fixture.allow("anon", "room");
        for (int round = 0; round < 200; round++) {
            fixture.history.clear();
            fixture.authority.gate = new CompletableFuture<>();
            CompletableFuture<Void> answered = new CompletableFuture<>();
            fixture.historyGate = answered;
            Client late = fixture.connect(ProtocolVersion.V2);
            late.join("realtime:room", "1", "{'config':{'private':true,'broadcast':{'replay':{'since':1}}}}");
            fixture.authority.gate.complete(null);
            late.take();
            int committed = random.nextInt(20);
            int snapshot = random.nextInt(committed + 1);
            List<String> expected = new ArrayList<>();
            for (int i = 1; i <= committed; i++) {
                expected.add("id-" + i);
                fixture.hub.publish(List.of(event(i)));
                if (i == snapshot) {
                    for (int seen = 1; seen <= snapshot; seen++) {
                        fixture.history.add(event(seen));
                    }
                }
                if (random.nextBoolean()) {
                    late.take();
                }
            }
            answered.complete(null);
            List<String> got = new ArrayList<>(late.take());
            fixture.hub.publish(List.of(event(committed + 1)));
            expected.add("id-" + (committed + 1));
            got.addAll(late.take());

            assertThat(got.stream()
                            .map(WaitingJoinTest::id)
                            .filter(id -> !id.isEmpty())
                            .toList())
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(expected);
            late.session.onClosed();
        }
    }

    /** The id of a broadcast, in text or in a binary frame, which the fixture shows in hex. */
    private static String id(String frame) {
        String text = frame.startsWith("[")
                ? frame
                : new String(java.util.HexFormat.of().parseHex(frame.replace(" ", "")), StandardCharsets.UTF_8)
                        .replace('"', '\'');
        int at = text.indexOf("'id':'id-");
        return at < 0 ? "" : text.substring(at + 6, text.indexOf('\'', at + 6));
    }
}
