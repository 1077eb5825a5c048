package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.support.PhoenixMessage;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What becomes of a channel when its token changes or ends. */
class TokensConformanceIT extends Conformance {

    @Override
    String title() {
        return "Tokens: access_token, expiry";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of("3.10-no-reply", "A good access_token is taken without a reply", scene -> {
                    Member member = scene.member("{'broadcast':{'ack':true}}");
                    push(member, Tokens.authenticated("u1"));
                    assertThat(member.rest()).isEmpty();
                }),
                Case.of(
                        "3.10-ignored",
                        "null, keys that begin with sb_ and the same token again change nothing",
                        scene -> {
                            Table table = scene.table("id int PRIMARY KEY");
                            String token = Tokens.anon();
                            Member member = scene.memberWith(token, Table.listening(table.entry("*")));
                            member.system("ok", "Subscribed to PostgreSQL");
                            member.push("access_token", "{'access_token':null}");
                            push(member, "sb_publishable_x");
                            push(member, token);
                            table.run("INSERT INTO $ VALUES (1)");
                            member.changeOf(1);
                            assertThat(member.rest()).isEmpty();
                        }),
                Case.of("3.10-malformed", "What is no JWT ends the channel for good", scene -> {
                    for (String token : List.of("", "nonsense")) {
                        Member member = scene.member();
                        push(member, token);
                        member.system("error", "The token provided is not a valid JWT");
                        member.await("phx_close");
                    }
                }),
                Case.of("3.10-claims-required", "A token without role ends the channel for good", scene -> {
                    Member member = scene.member();
                    push(member, Tokens.signed(Map.of("exp", Tokens.in(Duration.ofHours(1)))));
                    member.system("error", "Fields `role` and `exp` are required in JWT");
                    member.await("phx_close");
                }),
                Case.of("3.10-expired", "An expired token ends the channel, and its client comes back", scene -> {
                            Member member = scene.member();
                            push(member, Tokens.ofRole("anon", Duration.ofSeconds(-30)));
                            assertThat(member.await("system")
                                            .payload()
                                            .path("message")
                                            .asText())
                                    .matches("Token has expired 3\\d seconds ago");
                            member.await("phx_error");
                        })
                        .differs(
                                "The original sends phx_close, after which a client never comes back; here it is phx_error."),
                Case.of(
                                "3.10-expiry",
                                "A token that ends while the channel is joined ends the channel, not the socket",
                                scene -> {
                                    Member member = scene.memberWith(
                                            Tokens.signed(Map.of(
                                                    "role", "anon", "exp", System.currentTimeMillis() / 1000 + 2)),
                                            "{}");
                                    PhoenixMessage message = member.await("system");
                                    assertThat(message.payload().path("message").asText())
                                            .matches("Token has expired \\d seconds ago");
                                    assertThat(message.payload().path("status").asText())
                                            .isEqualTo("error");
                                    PhoenixMessage end = member.await("phx_error");
                                    assertThat(end.ref()).isEqualTo(member.joinRef());
                                    PhoenixMessage again = scene.join(
                                            member.socket(),
                                            scene.channel(),
                                            "{'config':{},'access_token':'" + Tokens.anon() + "'}");
                                    assertThat(again.status()).isEqualTo("ok");
                                })
                        .differs(
                                "phx_error instead of phx_close: a client that slept joins again with its fresh token."),
                Case.of("3.10-renewed-in-time", "A token that is renewed in time ends nothing", scene -> {
                    long end = System.currentTimeMillis() / 1000 + 2;
                    Member member = scene.memberWith(
                            Tokens.signed(Map.of("role", "anon", "exp", end)), "{'broadcast':{'ack':true}}");
                    push(member, Tokens.anon());
                    // The clock has to pass the first token's end: that is what this is about.
                    org.awaitility.Awaitility.await().until(() -> System.currentTimeMillis() / 1000 > end);
                    assertThat(member.socket().awaitReply(member.shout("e")).status())
                            .isEqualTo("ok");
                    assertThat(member.rest()).isEmpty();
                }),
                Case.of("3.10-resubscribed", "A new token subscribes to row changes again, with its role", scene -> {
                    Table table = scene.table("id int PRIMARY KEY");
                    table.run("REVOKE SELECT ON $ FROM anon");
                    Member member =
                            scene.memberWith(Tokens.authenticated("u1"), Table.listening(table.entry("INSERT")));
                    member.system("ok", "Subscribed to PostgreSQL");
                    table.run("INSERT INTO $ VALUES (1)");
                    assertThat(member.change().path("record")).isEqualTo(scene.json("{'id':1}"));
                    push(member, Tokens.anon());
                    member.system("ok", "Subscribed to PostgreSQL");
                    table.run("INSERT INTO $ VALUES (2)");
                    assertThat(member.change().path("errors")).isEqualTo(scene.json("['Error 401: Unauthorized']"));
                }),
                Case.of(
                        "3.10-permission-kept",
                        "A private channel goes on when the new token may read it, too",
                        scene -> {
                            scene.policy("SELECT", "realtime.topic() = '$'");
                            Member member = scene.member("{'private':true}");
                            push(
                                    member,
                                    Tokens.signed(
                                            Map.of("role", "anon", "sub", "x", "exp", Tokens.in(Duration.ofHours(1)))));
                            scene.sql("SELECT realtime.send('{}', 'e', '$')");
                            member.hears("e");
                            assertThat(member.rest()).isEmpty();
                        }),
                Case.of("3.10-permission-lost", "A private channel ends when the new token may not read it", scene -> {
                    scene.policy("SELECT", "realtime.topic() = '$'");
                    Member member = scene.member("{'private':true}");
                    push(member, Tokens.authenticated("u1"));
                    member.system("error", "You no longer have permission to read from this Channel topic: $");
                    member.await("phx_close");
                }));
    }

    private static void push(Member member, String token) {
        member.push("access_token", "{'access_token':'" + token + "'}");
    }
}
