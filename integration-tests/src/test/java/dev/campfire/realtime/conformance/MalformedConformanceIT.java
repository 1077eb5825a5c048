package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Frame;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.RawSocket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What is malformed costs nobody the connection, unless the websocket itself is broken. */
class MalformedConformanceIT extends Conformance {

    private static final int LARGEST = 5_000_000;

    @Override
    String title() {
        return "Malformed input and the websocket itself";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("1.7-malformed-text", "Malformed text is dropped without a word", scene -> {
                    PhoenixSocket socket = scene.open();
                    for (String text : List.of(
                            "",
                            " ",
                            "x",
                            "{",
                            "null",
                            "7",
                            "'t'",
                            "{}",
                            "[]",
                            "[1,2,3,4,5]",
                            "[null,'1','phoenix','heartbeat']",
                            "[null,null,null,null,null]",
                            "{'topic':'phoenix'}",
                            "{'topic':'phoenix','event':'heartbeat','ref':'1'}",
                            "[".repeat(2000))) {
                        socket.raw().sendText(scene.text(text));
                    }
                    assertThat(socket.drain()).isEmpty();
                }),
                Case.of("1.7-other-version", "A message of the other version is dropped", scene -> {
                    PhoenixSocket socket = scene.open();
                    socket.raw()
                            .sendText(scene.text(
                                    scene.isV2()
                                            ? "{'topic':'phoenix','event':'heartbeat','payload':{},'ref':'x'}"
                                            : "[null,'x','phoenix','heartbeat',{}]"));
                    assertThat(socket.drain()).isEmpty();
                }),
                Case.of("1.7-malformed-binary", "A malformed binary message is dropped", scene -> {
                    PhoenixSocket socket = scene.open();
                    for (String hex :
                            List.of("", "00", "03", "0301", "03ffffffffff01", "09010203", "0301010f05000136")) {
                        socket.raw().send(Frame.binary(HexFormat.of().parseHex(hex)));
                    }
                    assertThat(socket.drain()).isEmpty();
                }),
                Case.of("1.7-sixth-element", "Elements beyond the fifth are ignored", scene -> {
                            PhoenixSocket socket = scene.open();
                            socket.raw().sendText(scene.text("[null,'42','phoenix','heartbeat',{},'more',[]]"));
                            assertThat(socket.awaitReply("42").status()).isEqualTo("ok");
                        })
                        .only("2.0.0"),
                Case.of("1.7-bad-payload", "A payload that is no object costs nothing", scene -> {
                    Member member = scene.member("{'broadcast':{'ack':true}}");
                    for (String event : List.of("broadcast", "access_token", "presence")) {
                        member.socket().push(member.joinRef(), scene.topic(), event, List.of(1));
                        member.socket().push(member.joinRef(), scene.topic(), event, "text");
                    }
                    assertThat(member.socket().awaitReply(member.shout("e")).status())
                            .isEqualTo("ok");
                }),
                Case.of("1.7-others-unharmed", "What one client sends wrongly no other notices", scene -> {
                    Member victim = scene.member();
                    PhoenixSocket other = scene.open();
                    other.raw().sendText("[");
                    other.raw().send(Frame.binary(new byte[] {3, 1, 1}));
                    assertThat(other.drain()).isEmpty();
                    assertThat(victim.rest()).isEmpty();
                }),
                Case.of("1.5-largest", "A frame of 5,000,000 bytes is taken", scene -> {
                    PhoenixSocket socket = scene.open();
                    String start = scene.isV2()
                            ? "[null,\"42\",\"phoenix\",\"heartbeat\",{\"x\":\""
                            : "{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"ref\":\"42\",\"payload\":{\"x\":\"";
                    String end = scene.isV2() ? "\"}]" : "\"}}";
                    socket.raw().sendText(start + "x".repeat(LARGEST - start.length() - end.length()) + end);
                    assertThat(socket.awaitReply("42").status()).isEqualTo("ok");
                }),
                Case.of("1.5-too-large", "A larger frame closes the socket with 1009", scene -> {
                    RawSocket socket = scene.openRaw();
                    socket.sendBytes(
                            Arrays.copyOf(new Frame(true, Frame.TEXT, new byte[LARGEST + 1]).encode(), 100_000));
                    assertThat(socket.awaitClose().code()).isEqualTo(1009);
                }),
                Case.of("1.5-bad-frame", "A broken frame closes the socket with 1002", scene -> {
                    RawSocket socket = scene.openRaw();
                    socket.send(new Frame(true, 3, new byte[0]));
                    assertThat(socket.awaitClose().code()).isEqualTo(1002);
                }),
                Case.of("1.5-no-utf8-check", "Text is not checked to be UTF-8 as a whole", scene -> {
                    PhoenixSocket socket = scene.open();
                    socket.raw().send(new Frame(true, Frame.TEXT, new byte[] {'"', (byte) 0xC3, '"'}));
                    assertThat(socket.drain()).isEmpty();
                }),
                Case.of("1.6-ping", "A ping is answered", scene -> {
                    RawSocket socket = scene.openRaw();
                    socket.send(new Frame(true, Frame.PING, new byte[] {1, 2}));
                    Frame pong = socket.awaitFrame();
                    assertThat(pong.opcode()).isEqualTo(Frame.PONG);
                    assertThat(pong.payload()).containsExactly(1, 2);
                }),
                Case.of(
                        "1.5-drain",
                        "Before it disconnects everybody, the server says so on every topic, and closes with 1012",
                        scene -> {
                            Member member = scene.member();
                            String token = dev.campfire.realtime.support.Tokens.ofRole(
                                    "service_role", java.time.Duration.ofHours(1));
                            assertThat(scene.post(
                                                    "/api/tenants/realtime-dev/reload",
                                                    "",
                                                    "Authorization",
                                                    "Bearer " + token)
                                            .statusCode())
                                    .isEqualTo(204);
                            assertThat(member.system("ok", "Server requested disconnect")
                                            .payload())
                                    .isEqualTo(
                                            scene.json(
                                                    "{'extension':'system','status':'ok','message':'Server requested disconnect'}"));
                            assertThat(member.socket().raw().awaitClose().code())
                                    .isEqualTo(1012);
                        }),
                Case.of(
                                "2.3-no-other-kinds",
                                "Binary frames of kinds that only Phoenix has are dropped or taken, never answered in kind",
                                scene -> {
                                    Member member = scene.member("{'broadcast':{'self':true}}");
                                    member.socket().push(null, "phoenix", "heartbeat", Map.of());
                                    member.socket()
                                            .raw()
                                            .send(Frame.binary(HexFormat.of()
                                                    .parseHex("0002030505" + "3132" + "313233" + "746f706963"
                                                            + "6576656e74" + "656667")));
                                    assertThat(member.rest()).allSatisfy(message -> assertThat(
                                                    message.frame().opcode())
                                            .isEqualTo(Frame.TEXT));
                                })
                        .only("2.0.0"));
    }
}
