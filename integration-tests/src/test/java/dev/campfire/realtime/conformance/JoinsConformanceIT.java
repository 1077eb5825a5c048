package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Heartbeats, joins, replies, leaving: a channel's life. */
class JoinsConformanceIT extends Conformance {

    @Override
    String title() {
        return "Channels: joins, replies, leaving";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("1.6-heartbeat", "A heartbeat is answered on the topic phoenix", scene -> {
                    PhoenixSocket socket = scene.open();
                    PhoenixMessage reply = socket.awaitReply(socket.push(null, "phoenix", "heartbeat", Map.of()));
                    assertThat(reply.topic()).isEqualTo("phoenix");
                    assertThat(reply.joinRef()).isNull();
                    assertThat(reply.payload()).isEqualTo(scene.json("{'status':'ok','response':{}}"));
                }),
                Case.of(
                                "2.1-four-keys",
                                "Version 1 messages have exactly the keys topic, event, payload and ref",
                                scene -> {
                                    JsonNode reply = Json.read(
                                            scene.member().reply().frame().text());
                                    assertThat(reply.fieldNames())
                                            .toIterable()
                                            .containsExactlyInAnyOrder("topic", "event", "payload", "ref");
                                })
                        .only("1.0.0"),
                Case.of("2.2-reply-refs", "A reply names the channel's join and the push that it answers", scene -> {
                            Member member = scene.member("{'broadcast':{'ack':true}}");
                            String ref = member.shout("e");
                            PhoenixMessage reply = member.socket().awaitReply(ref);
                            assertThat(Json.read(reply.frame().text()))
                                    .isEqualTo(scene.json("['" + member.joinRef() + "','" + ref
                                            + "','realtime:$','phx_reply',{'status':'ok','response':{}}]"));
                        })
                        .only("2.0.0"),
                Case.of("2.2-close-refs", "phx_close has the join's ref twice", scene -> {
                            Member member = scene.member();
                            member.push("phx_leave", "{}");
                            assertThat(Json.read(
                                            member.await("phx_close").frame().text()))
                                    .isEqualTo(scene.json("['" + member.joinRef() + "','" + member.joinRef()
                                            + "','realtime:$','phx_close',{}]"));
                        })
                        .only("2.0.0"),
                Case.of("2.2-close-ref-v1", "In version 1 the ref of phx_close is that of the join", scene -> {
                            Member member = scene.member();
                            member.push("phx_leave", "{}");
                            assertThat(member.await("phx_close").ref()).isEqualTo(member.joinRef());
                        })
                        .only("1.0.0"),
                Case.of("2.2-pushed-refs", "presence_state and system carry the join's ref and no other", scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            Member member = scene.member(
                                    "{'presence':{'enabled':true},'postgres_changes':[" + table.entry("*") + "]}");
                            for (String event : List.of("presence_state", "system")) {
                                PhoenixMessage message = member.await(event);
                                assertThat(message.joinRef()).isEqualTo(member.joinRef());
                                assertThat(message.ref()).isNull();
                            }
                        })
                        .only("2.0.0"),
                Case.of("2.2-fan-out-refs", "broadcast, presence_diff and postgres_changes carry no refs", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    Member member = scene.member("{'broadcast':{'self':true},'presence':{'enabled':true},"
                            + "'postgres_changes':[" + table.entry("*") + "]}");
                    member.shout("e");
                    member.track("{}");
                    table.run("INSERT INTO $ VALUES (1)");
                    for (String event : List.of("broadcast", "presence_diff", "postgres_changes")) {
                        PhoenixMessage message = member.await(event);
                        assertThat(message.joinRef()).isNull();
                        assertThat(message.ref()).isNull();
                    }
                }),
                Case.of(
                        "3.1-only-realtime",
                        "A topic outside of realtime: is unmatched, without a join's ref",
                        scene -> {
                            PhoenixSocket socket = scene.open();
                            PhoenixMessage reply = socket.awaitReply(socket.push("1", "other:x", "phx_join", Map.of()));
                            assertThat(reply.status()).isEqualTo("error");
                            assertThat(reply.reason()).isEqualTo("unmatched topic");
                            assertThat(reply.joinRef()).isNull();
                        }),
                Case.of("3.1-name-required", "realtime: alone is no channel", scene -> assertThat(
                                scene.join(scene.open(), "", "{'config':{}}").reason())
                        .isEqualTo("TopicNameRequired: You must provide a topic name")),
                Case.of("3.1-any-characters", "A channel's name may have any characters", scene -> {
                    String name = "a:b/c d\u00e9\u4e16 %20?#" + scene.channel();
                    Member member = scene.member(scene.open(), name, "{'broadcast':{'self':true}}");
                    member.shout("e");
                    assertThat(member.hears("e").topic()).isEqualTo("realtime:" + name);
                }),
                Case.of("3.2-flags-as-text", "Flags may be said as text in any case", scene -> {
                    Member member = scene.member("{'broadcast':{'ack':'TRUE','self':'true'}}");
                    assertThat(member.socket().awaitReply(member.shout("e")).status())
                            .isEqualTo("ok");
                    member.hears("e");
                }),
                Case.of("3.2-nulls-dropped", "postgres_changes may be null, and nulls in it are dropped", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    assertThat(scene.join("{'config':{'postgres_changes':null}}")
                                    .status())
                            .isEqualTo("ok");
                    Member member = scene.member("{'postgres_changes':[null," + table.entry("*") + ",null]}");
                    assertThat(member.reply().payload().path("response").path("postgres_changes"))
                            .hasSize(1);
                }),
                Case.of("3.2-wrong-types", "Values of wrong types do not refuse a join", scene -> assertThat(
                                scene.join("{'config':{'broadcast':{'ack':17,'self':[]},'presence':'x','private':'no',"
                                                + "'postgres_changes':{}}}")
                                        .status())
                        .isEqualTo("ok")),
                Case.of("3.2-unknown-keys", "Unknown keys are ignored", scene -> assertThat(scene.join(
                                        "{'config':{'broadcast':{'new':1},'newer':{}},'version':'realtime-js/9','x':1}")
                                .status())
                        .isEqualTo("ok")),
                Case.of("3.2-presence-key", "The key of presence is that of the join, also a number", scene -> {
                    Member member = scene.member("{'presence':{'enabled':true,'key':42}}");
                    member.track("{}");
                    assertThat(member.diff().path("joins").has("42")).isTrue();
                }),
                Case.of("3.2-presence-key-made", "Without a key a UUID is made", scene -> {
                    Member member = scene.member("{'presence':{'enabled':true,'key':''}}");
                    member.track("{}");
                    String key = member.diff().path("joins").fieldNames().next();
                    assertThat(UUID.fromString(key)).hasToString(key);
                }),
                Case.of("3.2-token-of-connection", "Without a token of its own a join has the connection's", scene -> {
                    PhoenixSocket socket = scene.open(scene.version(), Tokens.ofRole("anon", Duration.ofMillis(1500)));
                    assertThat(scene.join(socket, scene.channel(), "{'config':{}}")
                                    .status())
                            .isEqualTo("ok");
                }),
                Case.of("3.2-token-of-join", "A join's access_token goes before the connection's", scene -> assertThat(
                                scene.join("{'config':{},'access_token':'x'}").reason())
                        .isEqualTo("MalformedJWT: The token provided is not a valid JWT")),
                Case.of("3.2-user-token", "user_token goes before access_token", scene -> {
                    assertThat(scene.join("{'config':{},'user_token':'x','access_token':'" + Tokens.anon() + "'}")
                                    .reason())
                            .startsWith("MalformedJWT");
                    assertThat(scene.join("{'config':{},'access_token':'x','user_token':'" + Tokens.anon() + "'}")
                                    .status())
                            .isEqualTo("ok");
                }),
                Case.of(
                        "3.2-opaque-key",
                        "A key that begins with sb_ stands for the connection's token",
                        scene -> assertThat(scene.join("{'config':{},'access_token':'sb_publishable_x'}")
                                        .status())
                                .isEqualTo("ok")),
                Case.of("3.2-legacy", "A join without config listens to the table that its topic names", this::legacy),
                Case.of(
                        "3.4-empty-reply",
                        "A join without postgres_changes is answered with an empty list",
                        scene -> assertThat(scene.member().reply().payload())
                                .isEqualTo(scene.json("{'status':'ok','response':{'postgres_changes':[]}}"))),
                Case.of("3.4-echo", "Entries are echoed verbatim and in order, each with an id", this::echo),
                Case.of("3.4-same-ids", "Equal entries have equal ids on all sockets, others do not", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    JsonNode one = ids(scene, table.entry("INSERT"), table.entry("*"));
                    JsonNode two = ids(scene, table.entry("*"), table.entry("INSERT"));
                    assertThat(one.path(0).path("id")).isEqualTo(two.path(1).path("id"));
                    assertThat(one.path(1).path("id")).isEqualTo(two.path(0).path("id"));
                    assertThat(one.path(0).path("id")).isNotEqualTo(one.path(1).path("id"));
                }),
                Case.of("3.4-expired", "An expired token is refused with its age", scene -> assertThat(
                                scene.join("{'config':{},'access_token':'"
                                                + Tokens.ofRole("anon", Duration.ofSeconds(-30)) + "'}")
                                        .reason())
                        .matches("InvalidJWTToken: Token has expired 3\\d seconds ago")),
                Case.of("3.4-claims-required", "A token needs role and exp", scene -> {
                    String without = Tokens.signed(Map.of("exp", Tokens.in(Duration.ofHours(1))));
                    scene.refuses(
                            "{'config':{},'access_token':'" + without + "'}",
                            "InvalidJWTToken: Fields `role` and `exp` are required in JWT");
                    scene.refuses(
                            "{'config':{},'access_token':'" + Tokens.signed(Map.of("role", "anon")) + "'}",
                            "InvalidJWTToken: Fields `role` and `exp` are required in JWT");
                }),
                Case.of(
                        "3.4-bad-expiration",
                        "exp has to be a time",
                        scene -> scene.refuses(
                                "{'config':{},'access_token':'" + Tokens.signed(Map.of("role", "anon", "exp", "soon"))
                                        + "'}",
                                "InvalidJWTToken: Token expiration time is invalid")),
                Case.of(
                        "3.4-malformed",
                        "What is no JWT is refused",
                        scene -> scene.refuses(
                                "{'config':{},'access_token':'a.b'}",
                                "MalformedJWT: The token provided is not a valid JWT")),
                Case.of(
                        "3.4-bad-signature",
                        "A token that somebody else signed is refused",
                        scene -> scene.refuses(
                                "{'config':{},'access_token':'"
                                        + Tokens.signed(
                                                Map.of("role", "anon", "exp", Tokens.in(Duration.ofHours(1))),
                                                "another-secret-of-at-least-32-characters")
                                        + "'}",
                                "JwtSignatureError: Failed to validate JWT signature")),
                Case.of(
                        "3.4-no-signer",
                        "A token of an algorithm without a key is refused",
                        scene -> scene.refuses(
                                "{'config':{},'access_token':'" + ofAlgorithm("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")
                                        + "'}",
                                "JwtSignerError: Failed to generate JWT signer, check your JWT secret or JWKS configuration")),
                Case.of(
                        "3.4-unknown-key",
                        "A token of an unknown key is refused with the key's name",
                        scene -> assertThat(scene.join("{'config':{},'access_token':'"
                                                + ofAlgorithm("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}")
                                                + "'}")
                                        .reason())
                                .isEqualTo("JwtSignerError: Failed to generate JWT signer for key ID (kid) \"k1\","
                                        + " check your JWT secret or JWKS configuration")),
                Case.of("3.3-refusal-at-once", "A refused join is answered at once and blocks nothing", scene -> {
                            PhoenixSocket socket = scene.open();
                            long start = System.nanoTime();
                            String ref =
                                    socket.pushJoin(scene.channel(), scene.json("{'config':{},'access_token':'x'}"));
                            socket.awaitReply(socket.push(null, "phoenix", "heartbeat", Map.of()));
                            assertThat(socket.awaitReply(ref).status()).isEqualTo("error");
                            assertThat(Duration.ofNanos(System.nanoTime() - start))
                                    .isLessThan(Duration.ofSeconds(2));
                        })
                        .differs("The original sleeps for 5 s before it answers, and all of the socket with it."),
                Case.of("3.5-presence-state", "presence_state comes only to who asked for presence", scene -> {
                    Member without = scene.member();
                    Member with = scene.member("{'presence':{'enabled':true}}");
                    assertThat(with.state()).isEqualTo(scene.json("{}"));
                    assertThat(without.rest()).isEmpty();
                }),
                Case.of(
                        "3.5-order",
                        "The reply comes first, then presence_state, then what became of postgres_changes",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            PhoenixSocket socket = scene.open();
                            socket.pushJoin(
                                    scene.channel(),
                                    scene.json("{'config':{'presence':{'enabled':true},'postgres_changes':["
                                            + table.entry("*") + "]}}"));
                            List<String> events = List.of(
                                    socket.await("anything", any -> true).event(),
                                    socket.await("anything", any -> true).event(),
                                    socket.await("anything", any -> true).event());
                            assertThat(events).containsExactly("phx_reply", "presence_state", "system");
                        }),
                Case.of("3.5-replication-ready", "Who asks for it is told that the stream is read", scene -> {
                    Member member = scene.member("{'broadcast':{'replication_ready':true}}");
                    assertThat(member.system("ok", "Replication connection established")
                                    .payload())
                            .isEqualTo(scene.json("{'extension':'system','status':'ok',"
                                    + "'message':'Replication connection established','channel':'$'}"));
                }),
                Case.of("3.7-leave", "Leaving is answered, then phx_close comes", scene -> {
                    Member member = scene.member();
                    String ref = member.push("phx_leave", "{}");
                    PhoenixMessage reply = member.socket().await("anything", any -> true);
                    assertThat(reply.ref()).isEqualTo(ref);
                    assertThat(reply.payload()).isEqualTo(scene.json("{'status':'ok','response':{}}"));
                    assertThat(member.socket().await("anything", any -> true).event())
                            .isEqualTo("phx_close");
                }),
                Case.of("3.7-leave-again", "Leaving a channel that is not joined is fine", scene -> {
                    PhoenixSocket socket = scene.open();
                    assertThat(socket.awaitReply(socket.push("1", scene.topic(), "phx_leave", Map.of()))
                                    .status())
                            .isEqualTo("ok");
                }),
                Case.of(
                        "3.8-join-twice",
                        "A second join takes over, and the first is closed after its answer",
                        scene -> {
                            Member first = scene.member("{'broadcast':{'self':true}}");
                            String second = first.socket().pushJoin(scene.channel(), scene.json("{'config':{}}"));
                            assertThat(first.socket()
                                            .await("anything", any -> true)
                                            .ref())
                                    .isEqualTo(second);
                            assertThat(first.await("phx_close").ref()).isEqualTo(first.joinRef());
                            Member other = scene.member();
                            other.shout("e");
                            first.hears("e");
                            assertThat(first.rest()).isEmpty();
                        }),
                Case.of(
                        "3.9-stale-join-ref",
                        "A push with a stale or missing join ref is taken and answered",
                        scene -> {
                            Member member = scene.member("{'broadcast':{'ack':true}}");
                            JsonNode shout = scene.json("{'type':'broadcast','event':'e','payload':{}}");
                            for (String ref : new String[] {"stale", null}) {
                                PhoenixMessage reply = member.socket()
                                        .awaitReply(member.socket().push(ref, scene.topic(), "broadcast", shout));
                                assertThat(reply.status()).isEqualTo("ok");
                                assertThat(reply.joinRef()).isEqualTo(scene.isV2() ? member.joinRef() : null);
                            }
                        }),
                Case.of("3.9-not-joined", "A push to a channel that is not joined is unmatched", scene -> {
                    PhoenixSocket socket = scene.open();
                    PhoenixMessage reply = socket.awaitReply(socket.push("1", scene.topic(), "broadcast", Map.of()));
                    assertThat(reply.status()).isEqualTo("error");
                    assertThat(reply.reason()).isEqualTo("unmatched topic");
                }),
                Case.of("3.9-unknown-event", "An unknown event is dropped without a word", scene -> {
                    Member member = scene.member();
                    member.push("no_such_event", "{}");
                    assertThat(member.rest()).isEmpty();
                }),
                Case.of("3.11-rejoin", "A channel that was left can be joined again on the same socket", scene -> {
                    Member member = scene.member();
                    member.call("phx_leave", "{}");
                    Member again = scene.member(member.socket(), "{'broadcast':{'self':true}}");
                    again.shout("e");
                    again.hears("e");
                }));
    }

    private void legacy(Scene scene) {
        Table table = scene.table("id int PRIMARY KEY, n int");
        PhoenixSocket socket = scene.open();
        String name = "public:" + table.name() + ":n=eq.1";
        assertThat(scene.join(socket, name, "{}").payload())
                .isEqualTo(scene.json("{'status':'ok','response':{'postgres_changes':[]}}"));
        table.run("INSERT INTO $ VALUES (1, 0), (2, 1)");
        PhoenixMessage message = socket.awaitEvent("INSERT");
        assertThat(message.topic()).isEqualTo("realtime:" + name);
        assertThat(message.payload().path("record")).isEqualTo(scene.json("{'id':2,'n':1}"));
        assertThat(message.payload().has("ids")).isFalse();
    }

    private void echo(Scene scene) {
        Table table = scene.table("id int PRIMARY KEY");
        String first = table.entry("INSERT", ",'filter':'id=gt.5'");
        String second = "{'event':'*','schema':'public','odd':[1,{'a':null}]}";
        JsonNode echoed = ids(scene, first, second);
        assertThat(echoed).hasSize(2);
        List<JsonNode> sent = List.of(scene.json(first), scene.json(second));
        for (int i = 0; i < 2; i++) {
            JsonNode entry = echoed.path(i);
            assertThat(entry.path("id").asLong()).isPositive();
            sent.get(i).fields().forEachRemaining(field -> assertThat(entry.path(field.getKey()))
                    .isEqualTo(field.getValue()));
            assertThat(entry).hasSize(sent.get(i).size() + 1);
        }
    }

    private static JsonNode ids(Scene scene, String... entries) {
        return scene.member(Table.listening(entries))
                .reply()
                .payload()
                .path("response")
                .path("postgres_changes");
    }

    private static String ofAlgorithm(String head) {
        java.util.Base64.Encoder encoder = java.util.Base64.getUrlEncoder().withoutPadding();
        String claims = Json.write(Map.of("role", "anon", "exp", Tokens.in(Duration.ofHours(1))));
        return encoder.encodeToString(Member.bytes(head)) + "." + encoder.encodeToString(Member.bytes(claims)) + "."
                + encoder.encodeToString(new byte[256]);
    }
}
