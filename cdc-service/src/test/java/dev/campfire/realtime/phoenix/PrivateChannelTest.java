package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.access.AuthorityException;
import dev.campfire.realtime.access.AuthorityException.Problem;
import dev.campfire.realtime.access.Extension;
import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies allow on private channels, and what happens when they can't be asked. */
final class PrivateChannelTest {

    private static final String PRIVATE = "{'config':{'private':true,'broadcast':{'ack':true}}}";
    private static final String PRIVATE_WITH_PRESENCE =
            "{'config':{'private':true,'presence':{'enabled':true,'key':'k'},'broadcast':{'ack':true}}}";

    private final SessionFixture fixture = new SessionFixture();
    private final Client client = fixture.connect(ProtocolVersion.V2);
    private final Client other =
            fixture.connect(ProtocolVersion.V2, fixture.token("service_role", Duration.ofHours(1)));

    private void admitBoth() {
        fixture.allow("anon", "room");
        fixture.allow("service_role", "room");
        fixture.authority.allowWriting("service_role", "room");
    }

    private static String broadcast(int ref) {
        return "['1','" + ref + "','realtime:room','broadcast',{'event':'e','n':" + ref + "}]";
    }

    @Test
    void who_may_not_write_is_not_answered_and_not_heard() {
        admitBoth();
        client.join("realtime:room", "1", PRIVATE);
        other.join("realtime:room", "1", PRIVATE);

        assertThat(client.send(broadcast(2))).isEmpty();
        assertThat(other.take()).isEmpty();
        assertThat(other.send(broadcast(2))).hasSize(1);
        assertThat(client.take()).hasSize(1);
    }

    @Test
    void the_permission_to_write_is_asked_for_once() {
        admitBoth();
        other.join("realtime:room", "1", PRIVATE);
        int before = fixture.authority.questions;

        other.send(broadcast(2));
        other.send(broadcast(3));

        assertThat(fixture.authority.questions).isEqualTo(before + 1);
    }

    private static String presence(int ref, String event) {
        return "['1','" + ref + "','realtime:room','presence',{'event':'" + event + "','payload':{'n':1}}]";
    }

    @Test
    void an_untrack_waits_behind_the_track_that_waits_for_its_permission() {
        admitBoth();
        client.join("realtime:room", "1", PRIVATE_WITH_PRESENCE);
        other.join("realtime:room", "1", PRIVATE_WITH_PRESENCE);
        fixture.authority.gate = new CompletableFuture<>();
        other.send(presence(2, "track"));
        other.send(presence(3, "untrack"));
        fixture.authority.gate.complete(null);

        assertThat(other.take()).hasSize(2);
        fixture.tick();
        assertThat(client.take()).as("came and went within a tick").isEmpty();
    }

    @Test
    void who_tracks_without_having_asked_for_presence_hears_of_the_others_from_then_on() {
        admitBoth();
        client.join("realtime:room", "1", PRIVATE);
        other.join("realtime:room", "1", PRIVATE);
        other.send(presence(2, "track"));
        fixture.tick();

        assertThat(other.take()).singleElement().asString().contains("presence_diff");
        assertThat(client.take()).as("has not tracked").isEmpty();
    }

    @Test
    void who_may_not_know_who_is_present_hears_nothing_for_being_present() {
        admitBoth();
        fixture.authority.readable = EnumSet.of(Extension.BROADCAST);
        other.join("realtime:room", "1", PRIVATE);
        assertThat(other.send(presence(2, "track"))).hasSize(1);
        fixture.tick();

        assertThat(other.take()).isEmpty();
    }

    @Test
    void an_answer_for_a_token_that_has_been_replaced_does_not_count() {
        admitBoth();
        other.join("realtime:room", "1", PRIVATE);
        CompletableFuture<Void> slow = new CompletableFuture<>();
        fixture.authority.gate = slow;
        other.send(token("nobody"));
        fixture.authority.gate = CompletableFuture.completedFuture(null);
        assertThat(other.send(token("anon"))).isEmpty();
        slow.complete(null);

        assertThat(other.take()).isEmpty();
    }

    private String token(String role) {
        return "['1','9','realtime:room','access_token',{'access_token':'" + fixture.token(role, Duration.ofHours(1))
                + "'}]";
    }

    @Test
    void what_is_sent_while_permission_is_asked_for_keeps_its_order() {
        admitBoth();
        client.join("realtime:room", "1", PRIVATE);
        other.join("realtime:room", "1", PRIVATE);
        fixture.authority.gate = new CompletableFuture<>();

        for (int ref = 2; ref < 6; ref++) {
            assertThat(other.send(broadcast(ref))).isEmpty();
        }
        fixture.authority.gate.complete(null);

        assertThat(other.take()).hasSize(4);
        assertThat(client.take())
                .extracting(message -> message.replaceAll(".*'n':(\\d).*", "$1"))
                .containsExactly("2", "3", "4", "5");
    }

    @Test
    void who_may_only_see_presence_hears_no_broadcast() {
        admitBoth();
        fixture.authority.readable = EnumSet.of(Extension.PRESENCE);
        assertThat(client.join("realtime:room", "1", PRIVATE_WITH_PRESENCE)).hasSize(2);
        fixture.authority.readable = EnumSet.allOf(Extension.class);
        other.join("realtime:room", "1", PRIVATE_WITH_PRESENCE);

        other.send(broadcast(2));
        other.send("['1','3','realtime:room','presence',{'event':'track','payload':{'a':1}}]");
        fixture.tick();

        assertThat(client.take()).singleElement().asString().contains("presence_diff");
    }

    @Test
    void who_may_only_hear_broadcasts_sees_no_presence() {
        admitBoth();
        fixture.authority.readable = EnumSet.of(Extension.BROADCAST);
        assertThat(client.join("realtime:room", "1", PRIVATE_WITH_PRESENCE)).hasSize(1);
        other.join("realtime:room", "1", PRIVATE_WITH_PRESENCE);

        other.send("['1','3','realtime:room','presence',{'event':'track','payload':{'a':1}}]");
        fixture.tick();
        other.send(broadcast(2));

        assertThat(client.take()).singleElement().asString().contains("'broadcast'");
    }

    @Test
    void a_new_token_that_may_not_read_ends_the_channel_for_good() {
        admitBoth();
        client.join("realtime:room", "1", PRIVATE);
        String token = fixture.token("authenticated", Duration.ofHours(2));

        assertThat(client.send("['1','2','realtime:room','access_token',{'access_token':'" + token + "'}]"))
                .containsExactly(
                        "['1',null,'realtime:room','system',{'extension':'system','status':'error','message':"
                                + "'You no longer have permission to read from this Channel topic: room','channel':'room'}]",
                        "['1','1','realtime:room','phx_close',{}]");
    }

    @Test
    void a_new_token_is_asked_about_writing_again() {
        admitBoth();
        client.join("realtime:room", "1", PRIVATE);
        client.send(broadcast(2));
        fixture.authority.allowWriting("service_role", "room");
        String token = fixture.token("service_role", Duration.ofHours(2));

        client.send("['1','3','realtime:room','access_token',{'access_token':'" + token + "'}]");

        assertThat(client.send(broadcast(4))).hasSize(1);
    }

    @Test
    void private_only_mode_refuses_public_channels() {
        fixture.tenant.limit(fixture.tenant.limits().privateOnly(true));

        assertThat(client.join("realtime:room", "1", "{'config':{}}"))
                .singleElement()
                .asString()
                .contains("PrivateOnly: This project only allows private channels");
        fixture.allow("anon", "room");
        assertThat(client.join("realtime:room", "2", PRIVATE))
                .singleElement()
                .asString()
                .contains("'ok'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POLICY | Unauthorized: You do not have permissions to read from this Channel topic: room",
                "NOT_SET_UP | Unauthorized: You do not have permissions to read from this Channel topic: room",
                "POOL_EXHAUSTED | IncreaseConnectionPool: Please increase your connection pool size",
                "TOO_MANY_CONNECTIONS | DatabaseLackOfConnections: Database can't accept more connections, Realtime won't connect",
                "UNREACHABLE | UnableToConnectToProject: Realtime was unable to connect to the project database",
                "QUERY_CANCELED | QueryCanceled: Query was cancelled, please try again",
                "MISSING_PARTITION | MissingPartition: Realtime was unable to find the expected messages partition"
            })
    void a_question_that_is_not_answered_refuses_the_join_with(Problem problem, String reason) {
        fixture.authority.gate =
                CompletableFuture.failedFuture(new AuthorityException(problem, "test", new RuntimeException()));

        assertThat(client.join("realtime:room", "1", PRIVATE))
                .containsExactly("['1','1','realtime:room','phx_reply',{'status':'error','response':{'reason':" + "'"
                        + reason + "'}}]");
    }
}
