package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.Frame;
import dev.campfire.realtime.support.Json;
import dev.campfire.realtime.support.PhoenixMessage;
import java.util.HexFormat;
import java.util.List;

/** Broadcasts of clients, and how each form of them reaches each version. */
class BroadcastConformanceIT extends Conformance {

    private static final byte[] BYTES = {1, 2, (byte) 0xFF};

    @Override
    String title() {
        return "Broadcast: self, ack, binary, across versions";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("2.4-text", "A broadcast in text arrives verbatim, with keys that nobody knows", scene -> {
                    for (String version : List.of("1.0.0", "2.0.0")) {
                        Member receiver = scene.memberOf(version, "{}");
                        Member sender = scene.member();
                        String payload = "{'type':'broadcast','event':'e','payload':{'a':1.10},'extra':[1]}";
                        sender.push("broadcast", payload);
                        PhoenixMessage message = receiver.hears("e");
                        assertThat(message.frame().opcode()).isEqualTo(Frame.TEXT);
                        assertThat(message.payload()).isEqualTo(scene.json(payload));
                    }
                }),
                Case.of("2.3-kind-three", "The vector of a kind 3 push with JSON is understood", scene -> {
                            Member receiver = scene.member(scene.open(), "room:1", "{}");
                            Member sender = scene.member(scene.open(), "room:1", "{}");
                            sender.socket()
                                    .raw()
                                    .send(Frame.binary(HexFormat.of()
                                            .parseHex("0301010f050001" + "36" + "37" + "7265616c74696d653a726f6f6d3a31"
                                                    + "73686f7574" + "7b2261223a317d")));
                            assertThat(receiver.hears("shout").frame().payload())
                                    .isEqualTo(HexFormat.of()
                                            .parseHex("040f050001" + "7265616c74696d653a726f6f6d3a31" + "73686f7574"
                                                    + "7b2261223a317d"));
                        })
                        .only("2.0.0"),
                Case.of("2.3-kind-three-bytes", "The vector of a kind 3 push with bytes is understood", scene -> {
                            Member receiver = scene.member(scene.open(), "room:1", "{}");
                            Member sender = scene.member(scene.open(), "room:1", "{}");
                            sender.socket()
                                    .raw()
                                    .send(Frame.binary(HexFormat.of()
                                            .parseHex("0301010f030000" + "36" + "38" + "7265616c74696d653a726f6f6d3a31"
                                                    + "62696e" + "0102ff")));
                            assertThat(receiver.hears("bin").frame().payload())
                                    .isEqualTo(HexFormat.of()
                                            .parseHex("040f030000" + "7265616c74696d653a726f6f6d3a31" + "62696e"
                                                    + "0102ff"));
                        })
                        .only("2.0.0"),
                Case.of("2.3-metadata-ignored", "Metadata of a push does not refuse it", scene -> {
                            Member receiver = scene.member(scene.open(), "topic", "{}");
                            Member sender = scene.member(scene.open(), "topic", "{}");
                            sender.socket()
                                    .raw()
                                    .send(Frame.binary(HexFormat.of()
                                            .parseHex("0302030e0a0e01" + "3132" + "313233"
                                                    + "7265616c74696d653a746f706963" + "757365725f6576656e74"
                                                    + HexFormat.of().formatHex(Member.bytes("{\"store\":true}"))
                                                    + "7b7d")));
                            assertThat(receiver.hears("user_event").payload().path("payload"))
                                    .isEqualTo(scene.json("{}"));
                        })
                        .only("2.0.0"),
                Case.of(
                                "2.4-binary-json",
                                "JSON of a kind 3 push reaches version 2 byte for byte, version 1 as an object",
                                scene -> {
                                    Member two = scene.member();
                                    Member one = scene.memberOf("1.0.0", "{}");
                                    Member sender = scene.member();
                                    byte[] payload = Member.bytes("{ \"z\":1.10, \"a\":[] }");
                                    sender.shoutBinary("9", "e", 1, payload);
                                    assertThat(two.hears("e").frame().payload())
                                            .isEqualTo(two.broadcastFrame("e", "", 1, payload));
                                    assertThat(one.hears("e").payload())
                                            .isEqualTo(scene.json(
                                                    "{'event':'e','payload':{'z':1.10,'a':[]},'type':'broadcast'}"));
                                })
                        .only("2.0.0"),
                Case.of("2.4-binary-bytes", "Bytes reach version 2 only", scene -> {
                            Member two = scene.member();
                            Member one = scene.memberOf("1.0.0", "{}");
                            Member sender = scene.member();
                            sender.shoutBinary("9", "e", 0, BYTES);
                            sender.shout("marker");
                            assertThat(two.hearsFirst("e").frame().payload())
                                    .isEqualTo(two.broadcastFrame("e", "", 0, BYTES));
                            one.hearsFirst("marker");
                        })
                        .only("2.0.0"),
                Case.of("2.4-own-topic", "What arrives names the topic that its receiver joined", scene -> {
                    Member receiver = scene.member();
                    scene.member().shout("e");
                    assertThat(receiver.hears("e").topic()).isEqualTo(scene.topic());
                }),
                Case.of("5.1-no-ack", "Without ack there is no reply", scene -> {
                    Member member = scene.member();
                    member.shout("e");
                    assertThat(member.rest()).isEmpty();
                }),
                Case.of("5.1-ack", "With ack every broadcast is answered, in text", scene -> {
                    Member member = scene.member("{'broadcast':{'ack':true}}");
                    PhoenixMessage reply = member.socket().awaitReply(member.shout("e"));
                    assertThat(reply.payload()).isEqualTo(scene.json("{'status':'ok','response':{}}"));
                    if (scene.isV2()) {
                        member.shoutBinary("77", "e", 1, Member.bytes("{}"));
                        assertThat(member.socket().awaitReply("77").frame().opcode())
                                .isEqualTo(Frame.TEXT);
                    }
                }),
                Case.of(
                        "5.1-too-large",
                        "A payload of more than 3,000,500 bytes is not passed on, and with ack answered so",
                        scene -> {
                            Member member = scene.member("{'broadcast':{'ack':true,'self':true}}");
                            String ref = member.shout("large", Json.write("x".repeat(3_000_500)));
                            PhoenixMessage reply = member.socket().awaitReply(ref);
                            assertThat(reply.payload())
                                    .isEqualTo(scene.json("{'status':'error','response':'payload_size_exceeded'}"));
                            member.shout("marker");
                            member.hearsFirst("marker");
                        }),
                Case.of("5.1-large", "A payload of three million bytes passes", scene -> {
                    Member receiver = scene.member();
                    scene.member().shout("large", Json.write("x".repeat(3_000_000)));
                    assertThat(receiver.hears("large").payload().path("payload").asText())
                            .hasSize(3_000_000);
                }),
                Case.of("5.1-self", "A sender hears itself only when it asked to", scene -> {
                    Member quiet = scene.member();
                    Member loud = scene.member("{'broadcast':{'self':true}}");
                    quiet.shout("of-the-quiet");
                    loud.hears("of-the-quiet");
                    loud.shout("of-the-loud");
                    loud.hears("of-the-loud");
                    quiet.hearsFirst("of-the-loud");
                }),
                Case.of("5.1-self-is-the-channel", "Other sockets of the same user hear it all the same", scene -> {
                    String token = dev.campfire.realtime.support.Tokens.authenticated("u1");
                    Member one = scene.memberWith(token, "{}");
                    Member other = scene.memberWith(token, "{}");
                    one.shout("e");
                    other.hears("e");
                }),
                Case.of("5.1-order", "What one client sends arrives in its order", scene -> {
                    Member receiver = scene.member();
                    Member sender = scene.member();
                    for (int i = 0; i < 200; i++) {
                        sender.shout("e" + i);
                    }
                    for (int i = 0; i < 200; i++) {
                        receiver.hearsFirst("e" + i);
                    }
                }),
                Case.of("5.1-any-payload", "The payload may be any JSON", scene -> {
                    Member receiver = scene.member();
                    Member sender = scene.member();
                    for (String payload : List.of("null", "7", "[1]", "'text'", "{'a':'\u00e9\ud83d\ude00'}")) {
                        sender.shout("e", payload);
                        assertThat(receiver.hears("e").payload().path("payload"))
                                .isEqualTo(scene.json(payload));
                    }
                }),
                Case.of("3.1-disjoint", "Public and private channels of a name do not hear each other", scene -> {
                    scene.allow();
                    Member hidden = scene.member("{'private':true}");
                    Member open = scene.member();
                    scene.member("{'private':true}").shout("private");
                    scene.member().shout("public");
                    scene.member("{'private':true}").shout("private-again");
                    open.hearsFirst("public");
                    hidden.hearsFirst("private");
                    hidden.hearsFirst("private-again");
                    assertThat(open.rest()).isEmpty();
                }));
    }
}
