package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.Backend;
import dev.campfire.realtime.support.HttpAnswer;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.ServiceProcess;
import dev.campfire.realtime.support.Tokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/** Limits, on a service that has them set. What is a rate is set when it is needed, by the tenant API. */
class LimitsConformanceIT extends Conformance {

    private static final String TENANT = "/api/tenants/limited";

    private @Nullable ServiceProcess service;

    @Override
    String title() {
        return "Limits";
    }

    @Override
    Stage stage(Backend shared) {
        if (service == null) {
            service = ServiceProcess.forDatabase(shared.database())
                    .with("SLOT_NAME_SUFFIX", shared.database().name() + "_limits")
                    .with("SELF_HOST_TENANT_NAME", "limited")
                    .with("TENANT_MAX_CHANNELS_PER_CLIENT", "3")
                    .with("TENANT_MAX_CONCURRENT_USERS", "40")
                    .with("TENANT_MAX_EVENTS_PER_SECOND", "1000")
                    .with("TENANT_MAX_JOINS_PER_SECOND", "500")
                    .with("CLIENT_PRESENCE_MAX_CALLS", "3")
                    .with("CLIENT_PRESENCE_WINDOW_MS", "600000")
                    .with("CAMPFIRE_MAX_PRESENCE_KEYS", "4")
                    .with("CAMPFIRE_MAX_PAYLOAD", "10000")
                    .with("CAMPFIRE_MAX_RECORD", "400")
                    .with("CAMPFIRE_API_KEYS", "sb_publishable_a=anon,sb_secret_b=service_role")
                    .with("METRICS_JWT_SECRET", "a-secret-for-metrics-of-32-characters-or-more")
                    .with("JWT_CLAIM_VALIDATORS", "{\"iss\": \"here\"}")
                    .with("TENANT_MAX_BYTES_PER_SECOND", "1")
                    .with("ERL_AFLAGS", "-proto_dist inet_tcp")
                    .with("SECRET_KEY_BASE", "x")
                    .startHealthy();
        }
        return new Stage(service, shared.database());
    }

    @AfterAll
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("7.2-environment", "The container's environment variables set the limits", scene -> {
                    JsonNode tenant = Json.read(scene.get(TENANT, "Authorization", "Bearer " + token("service_role"))
                                    .body())
                            .path("data");
                    assertThat(tenant.path("max_concurrent_users").asInt()).isEqualTo(40);
                    assertThat(tenant.path("max_channels_per_client").asInt()).isEqualTo(3);
                    assertThat(tenant.path("max_events_per_second").asInt()).isEqualTo(1000);
                    assertThat(tenant.path("max_joins_per_second").asInt()).isEqualTo(500);
                    assertThat(tenant.path("external_id").asText()).isEqualTo("limited");
                }),
                Case.of("7.4-claim-validators", "JWT_CLAIM_VALIDATORS demands claims", scene -> {
                    HttpAnswer answer = scene.handshake(PhoenixSocket.target(scene.version(), Tokens.anon()), Map.of());
                    assertThat(answer.status()).isEqualTo(401);
                    open(scene);
                }),
                Case.of(
                                "7.4-opaque-keys",
                                "Keys that begin with sb_ stand for roles, as they are configured",
                                scene -> {
                                    Member member = scene.member(
                                            scene.open(scene.version(), "sb_publishable_a"),
                                            "{'broadcast':{'self':true}}");
                                    member.shout("e");
                                    member.hears("e");
                                    assertThat(scene.handshake(
                                                            PhoenixSocket.target(scene.version(), "sb_publishable_z"),
                                                            Map.of())
                                                    .status())
                                            .isEqualTo(401);
                                })
                        .differs("The original leaves that to its gateway."),
                Case.of("7.3-metrics", "/metrics is for who has a token of METRICS_JWT_SECRET", scene -> {
                    String secret = "a-secret-for-metrics-of-32-characters-or-more";
                    String good = Tokens.signed(Map.of("exp", Tokens.in(Duration.ofHours(1))), secret);
                    assertThat(scene.get("/metrics", "Authorization", "Bearer " + good)
                                    .body())
                            .contains("# TYPE");
                    assertThat(scene.get("/metrics", "Authorization", "Bearer " + token("anon"))
                                    .statusCode())
                            .isEqualTo(403);
                }),
                Case.of("7.1-channels", "A socket may join so many channels", scene -> {
                    PhoenixSocket socket = open(scene);
                    for (int i = 0; i < 3; i++) {
                        scene.member(socket, scene.channel() + i, "{}");
                    }
                    PhoenixMessage reply = scene.join(socket, scene.channel(), "{'config':{}}");
                    assertThat(reply.reason()).isEqualTo("ChannelRateLimitReached: Too many channels");
                    socket.awaitReply(socket.push(null, "realtime:" + scene.channel() + 0, "phx_leave", Map.of()));
                    scene.member(socket, "{}");
                }),
                Case.of("7.1-users", "Beyond so many connected users joins and upgrades are refused", this::users),
                Case.of("7.1-presence-calls", "Beyond so many presence calls in a window the channel ends", scene -> {
                            Member member = scene.member(open(scene), "{'presence':{'enabled':true}}");
                            for (int i = 0; i < 3; i++) {
                                member.track("{'i':" + i + "}");
                            }
                            member.push("presence", "{'type':'presence','event':'track','payload':{}}");
                            assertThat(member.system("error", "Client presence rate limit exceeded")
                                            .payload()
                                            .path("extension")
                                            .asText())
                                    .isEqualTo("system");
                            member.await("phx_error");
                            scene.member(member.socket(), "{}");
                        })
                        .differs("phx_error instead of phx_close, after which a client never comes back."),
                Case.of("6-track-too-large", "An object over the limit ends the channel", scene -> {
                            Member member = scene.member(open(scene), "{}");
                            member.push(
                                    "presence",
                                    "{'type':'presence','event':'track','payload':{'x':'" + "x".repeat(11_000) + "'}}");
                            member.system("error", "Track message size exceeded");
                            member.await("phx_error");
                        })
                        .differs("phx_error instead of phx_close."),
                Case.of("7.1-presence-keys", "The number of keys of an object can be limited", scene -> {
                            Member member = scene.member(open(scene), "{}");
                            member.push(
                                    "presence",
                                    "{'type':'presence','event':'track',"
                                            + "'payload':{'a':1,'b':1,'c':1,'d':1,'e':1}}");
                            member.system("error", "Presence object has more than 4 keys");
                            member.await("phx_error");
                        })
                        .differs("The original documents this limit and does not keep it."),
                Case.of("7.1-payload", "The largest payload can be set", scene -> {
                    Member member = scene.member(open(scene), "{'broadcast':{'ack':true,'self':true}}");
                    assertThat(member.socket()
                                    .awaitReply(member.shout("e", Json.write("x".repeat(11_000))))
                                    .payload())
                            .isEqualTo(scene.json("{'status':'error','response':'payload_size_exceeded'}"));
                    member.shout("marker");
                    member.hearsFirst("marker");
                }),
                Case.of("7.1-record", "The largest record can be set", scene -> {
                    Table table = scene.table("id int PRIMARY KEY, small text, big text");
                    Member member = scene.member(open(scene), Table.listening(table.entry("*")));
                    table.run("INSERT INTO $ VALUES (9, 's', repeat('x', 500))");
                    JsonNode data = member.change();
                    assertThat(data.path("record")).isEqualTo(scene.json("{'id':9,'small':'s'}"));
                    assertThat(data.path("errors")).isEqualTo(scene.json("['Error 413: Payload Too Large']"));
                }),
                Case.of(
                        "3.4-private-only",
                        "When only private channels are allowed, public ones are refused",
                        scene -> {
                            set(scene, "{'private_only':true}");
                            scene.closing(() -> set(scene, "{'private_only':false}"));
                            PhoenixSocket socket = open(scene);
                            assertThat(scene.join(socket, scene.channel(), "{'config':{}}")
                                            .reason())
                                    .isEqualTo("PrivateOnly: This project only allows private channels");
                            scene.allow();
                            scene.member(socket, "{'private':true}");
                        }),
                Case.of("1.4-suspended", "When the tenant is suspended, everything is refused", scene -> {
                    set(scene, "{'suspend':true}");
                    scene.closing(() -> set(scene, "{'suspend':false}"));
                    HttpAnswer answer = scene.handshake(PhoenixSocket.target(scene.version(), token("anon")), Map.of());
                    assertThat(answer.status()).isEqualTo(403);
                    assertThat(Json.read(answer.body()))
                            .isEqualTo(scene.json("{'error':'Realtime was disabled for this tenant'}"));
                    HttpResponse<String> rest = scene.post(
                            "/api/broadcast", "{\"messages\":[]}", "Authorization", "Bearer " + token("anon"));
                    assertThat(rest.statusCode()).isEqualTo(403);
                    assertThat(Json.read(rest.body())).isEqualTo(scene.json("{'message':'Tenant is suspended'}"));
                }),
                Case.of(
                                "7.1-events",
                                "Beyond so many messages per second a channel that sends ends, and posts are refused",
                                this::events)
                        .differs("phx_error instead of phx_close: the client comes back by itself."),
                Case.of(
                        "7.1-joins",
                        "Beyond so many joins per second joins are refused, the socket closes, and upgrades are refused",
                        this::joins));
    }

    private void users(Scene scene) {
        PhoenixSocket early = open(scene);
        set(scene, "{'max_concurrent_users':1}");
        scene.closing(() -> set(scene, "{'max_concurrent_users':40}"));
        Member member = scene.member(open(scene), "{}");
        assertThat(scene.join(early, scene.channel(), "{'config':{}}").reason())
                .isEqualTo("ConnectionRateLimitReached: Too many connected users");
        HttpAnswer answer = scene.handshake(PhoenixSocket.target(scene.version(), token("anon")), Map.of());
        assertThat(answer.status()).isEqualTo(429);
        assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'error':'Too many connected users'}"));
        member.call("phx_leave", "{}");
        assertThat(scene.join(early, scene.channel(), "{'config':{}}").status()).isEqualTo("ok");
    }

    /** Rates are averages over samples of five seconds, so it takes one until the limit counts. */
    private void events(Scene scene) {
        set(scene, "{'max_events_per_second':1}");
        scene.closing(() -> set(scene, "{'max_events_per_second':1000}"));
        Member member = scene.member(open(scene), "{}");
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    member.shout("e");
                    member.shout("e");
                    return member.rest().stream()
                            .anyMatch(message ->
                                    message.payload().path("message").asText().equals("Too many messages per second"));
                });
        Member again = scene.member(member.socket(), "{}");
        again.shout("e");
        again.system("error", "Too many messages per second");
        again.await("phx_error");
        HttpResponse<String> answer = scene.post(
                "/api/broadcast",
                scene.text("{'messages':[{'topic':'$','event':'e','payload':{}}]}"),
                "Authorization",
                "Bearer " + token("anon"));
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'message':'Too many requests'}"));
    }

    private void joins(Scene scene) {
        PhoenixSocket socket = open(scene);
        set(scene, "{'max_joins_per_second':1}");
        scene.closing(() -> set(scene, "{'max_joins_per_second':500}"));
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> scene.join(socket, scene.channel(), "{'config':{}}")
                        .reason()
                        .equals("ClientJoinRateLimitReached: Too many joins per second"));
        assertThat(socket.raw().awaitClose().code()).isEqualTo(1001);
        HttpAnswer answer = scene.handshake(PhoenixSocket.target(scene.version(), token("anon")), Map.of());
        assertThat(answer.status()).isEqualTo(429);
        assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'error':'Too many joins per second'}"));
    }

    private static void set(Scene scene, String limits) {
        HttpResponse<String> answer = scene.call(
                "PATCH",
                TENANT,
                scene.text("{'tenant':" + limits + "}"),
                "Authorization",
                "Bearer " + token("service_role"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static PhoenixSocket open(Scene scene) {
        return scene.open(scene.version(), token("anon"));
    }

    private static String token(String role) {
        return Tokens.signed(Map.of("role", role, "iss", "here", "exp", Tokens.in(Duration.ofHours(1))));
    }
}
