package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Frame;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.Tokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Broadcasts over HTTP, in batches and one by one. */
class RestConformanceIT extends Conformance {

    private static final String BATCH = "/realtime/v1/api/broadcast";

    @Override
    String title() {
        return "Broadcast over HTTP";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("5.2-batch", "A batch is taken with 202 and an empty body, and arrives as text", scene -> {
                    Member member = scene.member();
                    HttpResponse<String> answer = batch(scene, "{'topic':'$','event':'e','payload':{'a':1.10}}");
                    assertThat(answer.statusCode()).isEqualTo(202);
                    assertThat(answer.body()).isEmpty();
                    PhoenixMessage message = member.hears("e");
                    assertThat(message.frame().opcode()).isEqualTo(Frame.TEXT);
                    assertThat(message.payload())
                            .isEqualTo(scene.json("{'payload':{'a':1.10},'event':'e','type':'broadcast'}"));
                }),
                Case.of("5.2-batch-id", "A message's id arrives in meta", scene -> {
                    Member member = scene.member();
                    batch(scene, "{'topic':'$','event':'e','payload':{},'id':'x1'}");
                    assertThat(member.hears("e").payload().at("/meta/id").asText())
                            .isEqualTo("x1");
                }),
                Case.of(
                        "5.2-paths",
                        "With and without the gateway's prefix, and with a query string that means nothing",
                        scene -> {
                            Member member = scene.member();
                            for (String path : List.of(
                                    "/api/broadcast",
                                    BATCH + "?apikey=x&log_level=info&vsn=2.0.0",
                                    "/api/broadcast/?vsn=1.0.0")) {
                                assertThat(scene.post(
                                                        path,
                                                        scene.text(
                                                                "{'messages':[{'topic':'$','event':'e','payload':{}}]}"),
                                                        "apikey",
                                                        Tokens.anon(),
                                                        "content-type",
                                                        "application/json")
                                                .statusCode())
                                        .isEqualTo(202);
                                member.hears("e");
                            }
                        }),
                Case.of("5.2-authorization-wins", "Authorization goes before apikey", scene -> {
                    String body = scene.text("{'messages':[{'topic':'$','event':'e','payload':{}}]}");
                    assertThat(scene.post(BATCH, body, "apikey", "x", "Authorization", "Bearer " + Tokens.anon())
                                    .statusCode())
                            .isEqualTo(202);
                    assertThat(scene.post(BATCH, body, "apikey", Tokens.anon(), "Authorization", "Bearer x")
                                    .statusCode())
                            .isEqualTo(401);
                }),
                Case.of("5.2-unauthorized", "A missing, expired or forged token is answered with 401", scene -> {
                    for (String token : List.of(
                            "x",
                            Tokens.ofRole("anon", Duration.ofSeconds(-9)),
                            Tokens.signed(java.util.Map.of("role", "anon")))) {
                        HttpResponse<String> answer = scene.post(BATCH, "{}", "Authorization", "Bearer " + token);
                        assertThat(answer.statusCode()).isEqualTo(401);
                        assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'message':'Unauthorized'}"));
                    }
                    assertThat(scene.post(BATCH, "{}").statusCode()).isEqualTo(401);
                }),
                Case.of("5.2-invalid", "One wrong message refuses the batch with 422 and an entry for each", scene -> {
                    Member member = scene.member();
                    HttpResponse<String> answer = batch(scene, "{'topic':'$'},{'topic':'$','event':'e','payload':{}}");
                    assertThat(answer.statusCode()).isEqualTo(422);
                    assertThat(Json.read(answer.body()))
                            .isEqualTo(Json.read("{\"errors\":{\"messages\":[{\"payload\":[\"can't be blank\"],"
                                    + "\"event\":[\"can't be blank\"]},{}]}}"));
                    batch(scene, "{'topic':'$','event':'marker','payload':{}}");
                    member.hearsFirst("marker");
                }),
                Case.of("5.2-payload-object", "The payload of a batch has to be an object", scene -> assertThat(
                                batch(scene, "{'topic':'$','event':'e','payload':[1]}")
                                        .statusCode())
                        .isEqualTo(422)),
                Case.of("5.2-oversize", "A payload over the limit is answered with 422 in words", scene -> {
                    HttpResponse<String> answer =
                            batch(scene, "{'topic':'$','event':'e','payload':{'x':'" + "x".repeat(3_100_000) + "'}}");
                    assertThat(answer.statusCode()).isEqualTo(422);
                    assertThat(Json.read(answer.body()))
                            .isEqualTo(scene.json(
                                    "{'errors':{'messages':[{'payload':['Payload size exceeds tenant limit']}]}}"));
                }),
                Case.of("5.2-body-too-large", "A body over 8,000,000 bytes is answered with 413", scene -> assertThat(
                                batch(scene, "{'x':'" + "x".repeat(8_000_001) + "'}")
                                        .statusCode())
                        .isEqualTo(413)),
                Case.of(
                        "5.2-private",
                        "A private message reaches the private side, when its sender may write there",
                        scene -> {
                            scene.allow();
                            Member member = scene.member("{'private':true}");
                            assertThat(batch(scene, "{'topic':'$','event':'e','payload':{},'private':true}")
                                            .statusCode())
                                    .isEqualTo(202);
                            member.hears("e");
                        }),
                Case.of("5.2-private-denied", "A private message that is not allowed is dropped in silence", scene -> {
                    scene.policy("SELECT", "realtime.topic() = '$'");
                    Member member = scene.member("{'private':true}");
                    assertThat(batch(scene, "{'topic':'$','event':'denied','payload':{},'private':true}")
                                    .statusCode())
                            .isEqualTo(202);
                    scene.sql("SELECT realtime.send('{}', 'marker', '$')");
                    member.hearsFirst("marker");
                }),
                Case.of("5.2-headers", "Answers say the rate, the request's id, and allow any origin", scene -> {
                    HttpResponse<String> answer = batch(scene, "{'topic':'$','event':'e','payload':{}}");
                    for (String header :
                            List.of("x-rate-rolling", "x-rate-limit", "x-rate-limit-remaining", "x-request-id")) {
                        assertThat(answer.headers().firstValue(header))
                                .as(header)
                                .isPresent();
                    }
                    assertThat(answer.headers().firstValue("access-control-allow-origin"))
                            .hasValue("*");
                }),
                Case.of(
                        "5.3-single",
                        "A single message's body is the payload, and its path's segments are decoded",
                        scene -> {
                            Member member = scene.member();
                            HttpResponse<String> answer =
                                    single(scene, "ev%20x?apikey=y&vsn=2.0.0", "{ \"a\":1.10 }", "application/json");
                            assertThat(answer.statusCode()).isEqualTo(202);
                            assertThat(answer.body()).isEmpty();
                            PhoenixMessage message = member.hears("ev x");
                            assertThat(message.payload())
                                    .isEqualTo(scene.json("{'type':'broadcast','event':'ev x','payload':{'a':1.10}}"));
                            if (scene.isV2()) {
                                assertThat(message.frame().payload())
                                        .isEqualTo(
                                                member.broadcastFrame("ev x", "", 1, Member.bytes("{ \"a\":1.10 }")));
                            }
                        }),
                Case.of(
                        "5.3-topic-decoded",
                        "A topic with odd characters is reached through its encoded path",
                        scene -> {
                            String name = "a b/c:" + scene.channel();
                            Member member = scene.member(scene.open(), name, "{}");
                            String path = "/realtime/v1/api/broadcast/a%20b%2Fc%3A$/events/e";
                            assertThat(scene.post(path, "{}", "Authorization", "Bearer " + Tokens.anon())
                                            .statusCode())
                                    .isEqualTo(202);
                            member.hears("e");
                        }),
                Case.of("5.3-not-an-object", "A body that is no object arrives under _json", scene -> {
                    Member member = scene.member();
                    single(scene, "e", "[1,2]", "application/json");
                    assertThat(member.hears("e").payload().path("payload")).isEqualTo(scene.json("{'_json':[1,2]}"));
                }),
                Case.of("5.3-bytes", "Bytes arrive as bytes at version 2 only", scene -> {
                    Member two = scene.memberOf("2.0.0", "{}");
                    Member one = scene.memberOf("1.0.0", "{}");
                    byte[] bytes = {1, 2, (byte) 0xFF};
                    assertThat(scene.postBytes(
                                            "/realtime/v1/api/broadcast/$/events/e",
                                            bytes,
                                            "Authorization",
                                            "Bearer " + Tokens.anon(),
                                            "Content-Type",
                                            "application/octet-stream")
                                    .statusCode())
                            .isEqualTo(202);
                    assertThat(two.hears("e").frame().payload()).isEqualTo(two.broadcastFrame("e", "", 0, bytes));
                    single(scene, "marker", "{}", "application/json");
                    one.hearsFirst("marker");
                }),
                Case.of("5.3-media-type", "Another content type is answered with 415", scene -> {
                    HttpResponse<String> answer = single(scene, "e", "x", "text/plain");
                    assertThat(answer.statusCode()).isEqualTo(415);
                    assertThat(Json.read(answer.body()))
                            .isEqualTo(scene.json("{'error':'Unsupported Media Type."
                                    + " Use application/json or application/octet-stream'}"));
                }),
                Case.of("5.3-unauthorized", "A bad token is answered with 401", scene -> {
                    HttpResponse<String> answer =
                            scene.post("/realtime/v1/api/broadcast/$/events/e", "{}", "Authorization", "Bearer x");
                    assertThat(answer.statusCode()).isEqualTo(401);
                    assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'message':'Unauthorized'}"));
                }),
                Case.of("5.3-private", "private=true reaches the private side", scene -> {
                    scene.allow();
                    Member member = scene.member("{'private':true}");
                    Member open = scene.member();
                    assertThat(single(scene, "e?private=true", "{}", "application/json")
                                    .statusCode())
                            .isEqualTo(202);
                    member.hears("e");
                    single(scene, "public?private=yes", "{}", "application/json");
                    open.hearsFirst("public");
                }),
                Case.of("5.3-private-denied", "A private message that is not allowed is answered with 403", scene -> {
                    HttpResponse<String> answer = single(scene, "e?private=true", "{}", "application/json");
                    assertThat(answer.statusCode()).isEqualTo(403);
                    assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'message':'Unauthorized'}"));
                }));
    }

    private static HttpResponse<String> batch(Scene scene, String messages) {
        return scene.post(
                BATCH,
                scene.text("{'messages':[" + messages + "]}"),
                "Authorization",
                "Bearer " + Tokens.anon(),
                "Content-Type",
                "application/json");
    }

    private static HttpResponse<String> single(Scene scene, String event, String body, String type) {
        return scene.post(
                "/realtime/v1/api/broadcast/$/events/" + event,
                body,
                "Authorization",
                "Bearer " + Tokens.anon(),
                "Content-Type",
                type);
    }
}
