package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.HttpAnswer;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.RawSocket;
import dev.campfire.realtime.support.Tokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Opening a socket, and everything that is answered over plain HTTP beside broadcasts. */
class RoutesConformanceIT extends Conformance {

    private static final String TENANT = "/api/tenants/realtime-dev";

    @Override
    String title() {
        return "Opening a socket, routes, tokens";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("1.1-paths", "Sockets open with and without the gateway's prefix", scene -> {
                    for (String path : List.of("/realtime/v1/websocket", "/socket/websocket")) {
                        assertThat(scene.handshake(
                                                path + "?log_level=info&new=1&apikey=" + Tokens.anon() + "&vsn="
                                                        + scene.version(),
                                                Map.of())
                                        .status())
                                .isEqualTo(101);
                    }
                }),
                Case.of("1.2-default-version", "Without vsn it is version 1", scene -> {
                            RawSocket socket = scene.closing(
                                    RawSocket.open(scene.port(), "/socket/websocket?apikey=" + Tokens.anon()));
                            socket.sendText(
                                    scene.text("{'topic':'phoenix','event':'heartbeat','payload':{},'ref':'1'}"));
                            assertThat(Json.read(socket.awaitFrame().text())
                                            .path("ref")
                                            .asText())
                                    .isEqualTo("1");
                        })
                        .only("1.0.0"),
                Case.of("1.2-unknown-version", "An unknown version is refused with 403 and an empty body", scene -> {
                    for (String vsn : List.of("3.0.0", "x", "1.1.0")) {
                        HttpAnswer answer = scene.handshake(PhoenixSocket.target(vsn, Tokens.anon()), Map.of());
                        assertThat(answer.status()).isEqualTo(403);
                        assertThat(answer.body()).isEmpty();
                    }
                }),
                Case.of("1.2-patch-version", "Any patch of a version is that version", scene -> assertThat(
                                scene.handshake(
                                                PhoenixSocket.target(
                                                        scene.version().replaceAll("0$", "7"), Tokens.anon()),
                                                Map.of())
                                        .status())
                        .isEqualTo(101)),
                Case.of("1.2-header-wins", "x-api-key goes before apikey", scene -> {
                    assertThat(scene.handshake(
                                            PhoenixSocket.target(scene.version(), "x"),
                                            Map.of("x-api-key", Tokens.anon()))
                                    .status())
                            .isEqualTo(101);
                    assertThat(scene.handshake(
                                            PhoenixSocket.target(scene.version(), Tokens.anon()),
                                            Map.of("x-api-key", "x"))
                                    .status())
                            .isEqualTo(401);
                }),
                Case.of("1.2-token-cleaned", "Whitespace in the token does not count", scene -> assertThat(
                                scene.handshake(
                                                PhoenixSocket.target(scene.version(), " " + Tokens.anon() + "\n"),
                                                Map.of())
                                        .status())
                        .isEqualTo(101)),
                Case.of("1.2-no-subprotocol", "No subprotocol is answered", scene -> assertThat(
                                scene.handshake(PhoenixSocket.target(scene.version(), Tokens.anon()), Map.of())
                                        .headers())
                        .doesNotContainKey("sec-websocket-protocol")),
                Case.of("1.2-any-origin", "Any origin may connect", scene -> assertThat(scene.handshake(
                                        PhoenixSocket.target(scene.version(), Tokens.anon()),
                                        Map.of("Origin", "https://elsewhere.example"))
                                .status())
                        .isEqualTo(101)),
                Case.of("1.3-any-host", "The Host header means nothing", scene -> {
                            for (String host : List.of("192.168.1.157:4000", "other.example.org")) {
                                assertThat(scene.handshake(
                                                        PhoenixSocket.target(scene.version(), Tokens.anon()),
                                                        Map.of("X-Forwarded-Host", host))
                                                .status())
                                        .isEqualTo(101);
                            }
                        })
                        .differs(
                                "In the original its first label is the tenant's name, and any other is answered with 404."),
                Case.of("1.4-refused", "A refused upgrade says why, with 401", scene -> {
                    refused(scene, null, "API key is missing");
                    refused(scene, "nonsense", "The token provided is not a valid JWT");
                    refused(scene, Tokens.ofRole("anon", Duration.ofSeconds(-10)), "Token has expired");
                    refused(
                            scene,
                            Tokens.signed(Map.of("role", "anon")),
                            "Fields `role` and `exp` are required in JWT");
                    refused(
                            scene,
                            Tokens.signed(
                                    Map.of("role", "anon", "exp", Tokens.in(Duration.ofHours(1))),
                                    "another-secret-of-at-least-32-characters"),
                            "Failed to validate JWT signature");
                }),
                Case.of("1.4-at-once", "A refused upgrade is answered at once", scene -> {
                            long start = System.nanoTime();
                            refused(scene, "nonsense", "The token provided is not a valid JWT");
                            assertThat(Duration.ofNanos(System.nanoTime() - start))
                                    .isLessThan(Duration.ofSeconds(1));
                        })
                        .differs(
                                "The original sleeps for 2 s first; here those who keep failing are slowed down by address."),
                Case.of("7.3-healthcheck", "GET /healthcheck answers ok", scene -> {
                    HttpResponse<String> answer = scene.get("/healthcheck");
                    assertThat(answer.statusCode()).isEqualTo(200);
                    assertThat(answer.body()).isEqualTo("ok");
                }),
                Case.of("7.3-ping", "GET /api/ping answers Success", scene -> {
                    for (String path : List.of("/api/ping", "/realtime/v1/api/ping")) {
                        HttpResponse<String> answer = scene.get(path, "apikey", Tokens.anon());
                        assertThat(answer.statusCode()).isEqualTo(200);
                        assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'message':'Success'}"));
                    }
                }),
                Case.of("7.3-openapi", "GET /api/openapi describes the HTTP API", scene -> assertThat(
                                Json.read(scene.get("/api/openapi").body()).path("paths"))
                        .isNotEmpty()),
                Case.of(
                        "7.3-health-route",
                        "The health route that the compose file polls answers GET and HEAD with the anon key",
                        scene -> {
                            String[] token = {"Authorization", "Bearer " + Tokens.anon()};
                            JsonNode data = Json.read(
                                            scene.get(TENANT + "/health", token).body())
                                    .path("data");
                            assertThat(data.path("healthy").asBoolean()).isTrue();
                            assertThat(data.fieldNames())
                                    .toIterable()
                                    .contains(
                                            "healthy",
                                            "db_connected",
                                            "replication_connected",
                                            "connected_cluster",
                                            "region",
                                            "node");
                            assertThat(scene.call("HEAD", TENANT + "/health", "", token)
                                            .statusCode())
                                    .isEqualTo(200);
                        }),
                Case.of("7.3-tenant-guarded", "The tenant API answers 403 without a good token", scene -> {
                    for (String path : List.of(TENANT, TENANT + "/health", "/api/tenants", "/metrics")) {
                        assertThat(scene.get(path).statusCode()).as(path).isEqualTo(403);
                        assertThat(scene.get(path, "Authorization", "Bearer x").statusCode())
                                .as(path)
                                .isEqualTo(403);
                    }
                }),
                Case.of("7.3-other-tenant", "Another tenant is not found", scene -> {
                    HttpResponse<String> answer =
                            scene.get("/api/tenants/other/health", "Authorization", "Bearer " + Tokens.anon());
                    assertThat(answer.statusCode()).isEqualTo(404);
                    assertThat(Json.read(answer.body())).isEqualTo(scene.json("{'message':'not found'}"));
                }),
                Case.of("7.3-tenant", "The tenant API shows the one tenant", scene -> {
                    JsonNode tenant = Json.read(scene.get(TENANT, "Authorization", "Bearer " + service())
                                    .body())
                            .path("data");
                    assertThat(tenant.path("external_id").asText()).isEqualTo("realtime-dev");
                    assertThat(tenant.path("private_only").asBoolean()).isFalse();
                    assertThat(tenant.has("max_events_per_second")).isTrue();
                }),
                Case.of("7.3-cors", "Any page may ask", scene -> {
                    HttpResponse<String> answer = scene.call(
                            "OPTIONS",
                            "/api/broadcast",
                            "",
                            "Origin",
                            "https://a.example",
                            "Access-Control-Request-Method",
                            "POST",
                            "Access-Control-Request-Headers",
                            "authorization,apikey,content-type");
                    assertThat(answer.statusCode()).isBetween(200, 204);
                    assertThat(answer.headers().firstValue("access-control-allow-origin"))
                            .hasValue("*");
                }),
                Case.of("7.3-unknown", "An unknown path is not found", scene -> assertThat(
                                scene.get("/api/no/such/thing").statusCode())
                        .isEqualTo(404)),
                Case.of(
                        "7.4-exp",
                        "exp may have decimals",
                        scene -> scene.memberWith(
                                Tokens.signed(Map.of("role", "anon", "exp", Tokens.in(Duration.ofHours(1)) + 0.5)),
                                "{}")),
                Case.of(
                        "7.4-other-claims",
                        "nbf, aud and iss are not looked at",
                        scene -> scene.memberWith(
                                Tokens.signed(Map.of(
                                        "role",
                                        "anon",
                                        "exp",
                                        Tokens.in(Duration.ofHours(1)),
                                        "nbf",
                                        Tokens.in(Duration.ofHours(1)),
                                        "aud",
                                        "x",
                                        "iss",
                                        "y")),
                                "{}")));
    }

    private static String service() {
        return Tokens.ofRole("service_role", Duration.ofHours(1));
    }

    private static void refused(Scene scene, String token, String message) {
        String target = token == null
                ? "/realtime/v1/websocket?vsn=" + scene.version()
                : PhoenixSocket.target(scene.version(), token);
        HttpAnswer answer = scene.handshake(target, Map.of());
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers().get("content-type")).startsWith("application/json");
        assertThat(Json.read(answer.body())).isEqualTo(Json.read(Json.write(Map.of("error", message))));
    }
}
