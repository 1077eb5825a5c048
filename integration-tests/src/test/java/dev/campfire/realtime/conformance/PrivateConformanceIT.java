package dev.campfire.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.support.PhoenixSocket;
import dev.campfire.realtime.support.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Private channels: the policies on {@code realtime.messages} decide. */
class PrivateConformanceIT extends Conformance {

    private static final String BROADCAST = "realtime.topic() = '$' AND extension = 'broadcast'";
    private static final String PRESENCE = "realtime.topic() = '$' AND extension = 'presence'";

    @Override
    String title() {
        return "Private channels";
    }

    @Override
    List<Case> cases() {
        return List.of(
                Case.of(
                        "5.6-denied",
                        "Without a policy nobody may join",
                        scene -> scene.refuses(
                                "{'config':{'private':true}}",
                                "Unauthorized: You do not have permissions to read from this Channel topic: $")),
                Case.of("5.6-allowed", "Who may read a row of the topic may join", scene -> {
                    scene.policy("SELECT", "realtime.topic() = '$'");
                    scene.member("{'private':true}");
                }),
                Case.of("5.6-by-row", "A policy may look at the row's topic, too", scene -> {
                    scene.policy("SELECT", "topic = '$'");
                    scene.member("{'private':true}");
                }),
                Case.of(
                        "5.6-bypass",
                        "A role that no policy binds may join",
                        scene -> scene.memberWith(
                                Tokens.ofRole("service_role", Duration.ofHours(1)), "{'private':true}")),
                Case.of(
                        "5.6-claims",
                        "Policies see the claims, the subject, the role and the x- headers",
                        this::claims),
                Case.of("5.6-unknown-role", "A role that the database does not know is refused", scene -> {
                    scene.policy("SELECT", "true");
                    PhoenixSocket socket =
                            scene.open(scene.version(), Tokens.ofRole("no_such_role", Duration.ofHours(1)));
                    assertThat(scene.join(socket, scene.channel(), "{'config':{'private':true}}")
                                    .reason())
                            .startsWith("Unauthorized: ");
                }),
                Case.of("5.6-broken-policy", "A policy that fails refuses", scene -> {
                    scene.policy(
                            "SELECT", "realtime.topic() = '$' AND 1 / (length(realtime.topic()) - length('$')) = 1");
                    scene.refuses(
                            "{'config':{'private':true}}",
                            "Unauthorized: You do not have permissions to read from this Channel topic: $");
                }),
                Case.of("5.6-write", "Who may insert a row may broadcast", scene -> {
                    scene.allow();
                    Member receiver = scene.member("{'private':true}");
                    Member sender = scene.member("{'private':true,'broadcast':{'ack':true}}");
                    assertThat(sender.socket().awaitReply(sender.shout("e")).status())
                            .isEqualTo("ok");
                    receiver.hears("e");
                }),
                Case.of("5.6-write-denied", "Who may not is not told so, even with ack", scene -> {
                    scene.policy("SELECT", "realtime.topic() = '$'");
                    Member receiver = scene.member("{'private':true}");
                    Member sender = scene.member("{'private':true,'broadcast':{'ack':true}}");
                    sender.shout("denied");
                    Member allowed =
                            scene.memberWith(Tokens.ofRole("service_role", Duration.ofHours(1)), "{'private':true}");
                    // The answer about the first is asked and awaited before that of a later one in the same channel.
                    sender.call("presence", "{'type':'presence','event':'track','payload':{}}");
                    allowed.shout("allowed");
                    receiver.hearsFirst("allowed");
                    assertThat(sender.rest())
                            .allMatch(message -> !message.event().equals("phx_reply"));
                }),
                Case.of("5.6-nothing-stays", "The questions leave no rows", scene -> {
                    scene.allow();
                    Member member =
                            scene.member("{'private':true,'broadcast':{'ack':true},'presence':{'enabled':true}}");
                    member.socket().awaitReply(member.shout("e"));
                    assertThat(scene.database()
                                    .value("SELECT count(*) FROM realtime.messages WHERE topic = ?", scene.channel()))
                            .isEqualTo("0");
                }),
                Case.of("5.6-presence-only", "Who may read presence only gets no broadcasts", scene -> {
                    scene.policy("SELECT", PRESENCE);
                    Member reader = scene.member("{'private':true,'presence':{'enabled':true}}");
                    assertThat(reader.state()).isEqualTo(scene.json("{}"));
                    scene.sql("SELECT realtime.send('{}', 'e', '$')");
                    Member service = scene.memberWith(
                            Tokens.ofRole("service_role", Duration.ofHours(1)),
                            "{'private':true,'presence':{'enabled':true,'key':'s'}}");
                    service.track("{}");
                    assertThat(reader.diff().path("joins").has("s")).isTrue();
                    scene.sql("SELECT realtime.send('{}', 'f', '$')");
                    service.hears("f");
                    assertThat(reader.rest())
                            .allMatch(message -> !message.event().equals("broadcast"));
                }),
                Case.of("5.6-broadcast-only", "Who may read broadcasts only gets no presence", scene -> {
                    scene.policy("SELECT", BROADCAST);
                    Member reader = scene.member("{'private':true,'presence':{'enabled':true}}");
                    Member service = scene.memberWith(
                            Tokens.ofRole("service_role", Duration.ofHours(1)),
                            "{'private':true,'presence':{'enabled':true,'key':'s'}}");
                    service.track("{}");
                    service.diff();
                    service.shout("e");
                    reader.hears("e");
                    assertThat(reader.rest())
                            .noneMatch(message -> message.event().startsWith("presence"));
                }),
                Case.of("5.6-presence-not-asked", "Without presence.enabled presence alone does not let in", scene -> {
                    scene.policy("SELECT", PRESENCE);
                    scene.refuses(
                            "{'config':{'private':true}}",
                            "Unauthorized: You do not have permissions to read from this Channel topic: $");
                }),
                Case.of("6-write-denied", "Who may not write presence is refused", scene -> {
                    scene.policy("SELECT", "realtime.topic() = '$'");
                    Member member = scene.member("{'private':true,'presence':{'enabled':true}}");
                    assertThat(member.call("presence", "{'type':'presence','event':'track','payload':{}}")
                                    .payload())
                            .isEqualTo(scene.json("{'status':'error','response':{}}"));
                }),
                Case.of("5.6-cached", "What was decided holds until the token changes", scene -> {
                    scene.allow();
                    Member member = scene.member("{'private':true,'broadcast':{'ack':true}}");
                    member.socket().awaitReply(member.shout("e"));
                    scene.dropPolicies();
                    assertThat(member.socket().awaitReply(member.shout("e")).status())
                            .isEqualTo("ok");
                    scene.refuses(
                            "{'config':{'private':true}}",
                            "Unauthorized: You do not have permissions to read from this Channel topic: $");
                }),
                Case.of("5.6-socket-goes-on", "While a join waits for the database, its socket goes on", scene -> {
                            scene.policy("SELECT", "topic = '$' AND pg_sleep(0.5) IS NOT NULL");
                            PhoenixSocket socket = scene.open();
                            String ref = socket.pushJoin(scene.channel(), scene.json("{'config':{'private':true}}"));
                            String beat = socket.push(null, "phoenix", "heartbeat", Map.of());
                            assertThat(socket.await("anything", any -> true).ref())
                                    .isEqualTo(beat);
                            assertThat(socket.awaitReply(ref).status()).isEqualTo("ok");
                        })
                        .differs("In the original a join blocks its socket."));
    }

    private void claims(Scene scene) {
        scene.policy(
                "SELECT",
                "realtime.topic() = '$'"
                        + " AND current_setting('request.jwt.claims')::jsonb ->> 'org' = 'o1'"
                        + " AND current_setting('request.jwt.claim.sub') = 'u1'"
                        + " AND current_setting('request.jwt.claim.role') = 'anon' AND current_user = 'anon'"
                        + " AND jsonb_typeof(current_setting('request.headers')::jsonb) = 'object'");
        String token =
                Tokens.signed(Map.of("role", "anon", "sub", "u1", "org", "o1", "exp", Tokens.in(Duration.ofHours(1))));
        scene.memberWith(token, "{'private':true}");
        JsonNode refused = scene.join("{'config':{'private':true}}").payload();
        assertThat(refused.path("status").asText()).isEqualTo("error");
    }
}
