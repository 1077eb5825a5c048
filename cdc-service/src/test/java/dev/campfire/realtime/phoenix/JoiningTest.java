package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.channel.ChannelKey;
import dev.campfire.realtime.channel.Message;
import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Joining, joining again, and leaving. */
final class JoiningTest {

    private final SessionFixture fixture = new SessionFixture();
    private final Client client = fixture.connect(ProtocolVersion.V2);

    private static String joined(String topic, String ref) {
        return reply(topic, ref, "{'status':'ok','response':{'postgres_changes':[]}}");
    }

    private static String refused(String topic, String ref, String reason) {
        return reply(topic, ref, "{'status':'error','response':{'reason':'" + reason + "'}}");
    }

    private static String reply(String topic, String ref, String payload) {
        return "['" + ref + "','" + ref + "','" + topic + "','phx_reply'," + payload + "]";
    }

    @Test
    void a_join_is_answered_with_an_empty_list_of_changes() {
        assertThat(client.join("realtime:room", "6", "{'config':{'broadcast':{'ack':true}},'version':'x'}"))
                .containsExactly(joined("realtime:room", "6"));
    }

    @Test
    void what_is_live_goes_between_the_joins_of_a_crowd_and_not_behind_them() {
        client.join("realtime:room", "1", "{}");
        fixture.hub.broadcast(
                ChannelKey.joined("room", false),
                new Message.Push("broadcast", "{}".getBytes(StandardCharsets.UTF_8)),
                null);

        // They were read together: the loop does nothing else in between.
        for (String ref : List.of("2", "3")) {
            client.session.onText(("['" + ref + "','" + ref + "','realtime:other" + ref + "','phx_join',{'config':{}}]")
                    .replace('\'', '"')
                    .getBytes(StandardCharsets.UTF_8));
        }

        assertThat(client.take())
                .containsExactly(
                        joined("realtime:other2", "2"),
                        "[null,null,'realtime:room','broadcast',{}]",
                        joined("realtime:other3", "3"));
    }

    @Test
    void version_1_answers_without_a_join_ref() {
        Client old = fixture.connect(ProtocolVersion.V1);

        assertThat(
                        old.send(
                                "{'topic':'realtime:room','event':'phx_join','payload':{'config':{}},'ref':'6','join_ref':'6'}"))
                .containsExactly("{'topic':'realtime:room','event':'phx_reply','payload':{'status':'ok','response':"
                        + "{'postgres_changes':[]}},'ref':'6'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "'text'",
                "{'config':null}",
                "{'config':{'broadcast':7,'presence':'x','private':'no','postgres_changes':{}}}",
                "{'config':{'postgres_changes':null}}",
                "{'config':{'postgres_changes':[null]}}",
                "{'config':{'private':'FALSE','broadcast':{'self':[]}},'access_token':null,'user_token':5}"
            })
    void values_of_wrong_types_reject_no_join(String payload) {
        assertThat(client.join("realtime:room", "1", payload)).containsExactly(joined("realtime:room", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"other:room", "realtime", "phoenix", ""})
    void a_topic_of_another_kind_is_unmatched(String topic) {
        assertThat(client.join(topic, "1", "{'config':{}}"))
                .containsExactly("[null,'1','" + topic
                        + "','phx_reply',{'status':'error','response':{'reason':'unmatched topic'}}]");
    }

    @Test
    void a_topic_without_a_name_is_refused() {
        assertThat(client.join("realtime:", "1", "{'config':{}}"))
                .containsExactly(refused("realtime:", "1", "TopicNameRequired: You must provide a topic name"));
    }

    @Test
    void a_topic_that_no_binary_frame_could_carry_is_refused() {
        String longest = "realtime:" + "ü".repeat(123);

        assertThat(client.join(longest, "1", "{'config':{}}")).containsExactly(joined(longest, "1"));
        assertThat(client.join(longest + "x", "2", "{'config':{}}"))
                .containsExactly(refused(longest + "x", "2", "TopicNameTooLong: A topic has at most 255 bytes"));
    }

    @Test
    void a_socket_has_only_so_many_topics() {
        for (String name : new String[] {"a", "b", "c"}) {
            client.join("realtime:" + name, "1", "{'config':{}}");
        }

        assertThat(client.join("realtime:d", "2", "{'config':{}}"))
                .containsExactly(refused("realtime:d", "2", "ChannelRateLimitReached: Too many channels"));
        assertThat(client.join("realtime:a", "3", "{'config':{}}")).first().isEqualTo(joined("realtime:a", "3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "'true'", "'TRUE'"})
    void a_private_channel_is_the_policys_to_give(String flag) {
        String payload = "{'config':{'private':" + flag + "}}";

        assertThat(client.join("realtime:room", "1", payload))
                .containsExactly(refused(
                        "realtime:room",
                        "1",
                        "Unauthorized: You do not have permissions to read from this Channel topic: room"));
        fixture.allow("anon", "room");

        assertThat(client.join("realtime:room", "2", payload)).containsExactly(joined("realtime:room", "2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"org:o", "system:health"})
    void on_protected_names_the_private_flag_changes_nothing(String name) {
        assertThat(client.join("realtime:" + name, "1", "{'config':{'private':true}}"))
                .containsExactly(joined("realtime:" + name, "1"));
    }

    @Test
    void the_token_that_comes_with_a_join_judges_it() {
        String expired = fixture.token("anon", Duration.ofSeconds(5));
        client.link.advance(Duration.ofSeconds(12));

        assertThat(client.join("realtime:room", "1", "{'access_token':'" + expired + "'}"))
                .containsExactly(refused("realtime:room", "1", "InvalidJWTToken: Token has expired 7 seconds ago"));
        assertThat(client.join("realtime:room", "2", "{'access_token':'nonsense'}"))
                .containsExactly(refused("realtime:room", "2", "MalformedJWT: The token provided is not a valid JWT"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'access_token':'sb_publishable_x'} | true",
                "{'access_token':'bad','user_token':'sb_x'} | true",
                "{'access_token':'bad','user_token':'GOOD'} | true",
                "{'access_token':'GOOD','user_token':'bad'} | false",
                "{'access_token':'GOOD'} | true",
                "{'access_token':7} | true",
                "{'access_token':''} | false"
            })
    void the_token_is_chosen_as_the_original_does(String payload, boolean isJoined) {
        String token = fixture.token("anon", Duration.ofMinutes(1));

        assertThat(client.join("realtime:room", "1", payload.replace("GOOD", token)))
                .first()
                .asString()
                .contains(isJoined ? "'ok'" : "MalformedJWT");
    }

    @Test
    void the_sockets_own_token_may_have_expired_since() {
        Client late = fixture.connect(ProtocolVersion.V2, fixture.token("anon", Duration.ofSeconds(5)));
        late.link.advance(Duration.ofSeconds(5));

        assertThat(late.join("realtime:room", "1", "{'config':{}}"))
                .containsExactly(refused("realtime:room", "1", "InvalidJWTToken: Token has expired 0 seconds ago"));
    }

    @Test
    void joining_again_replaces_the_older_join_and_ends_it_afterwards() {
        client.join("realtime:room", "1", "{'config':{}}");

        assertThat(client.join("realtime:room", "2", "{'config':{}}"))
                .containsExactly(joined("realtime:room", "2"), "['1','1','realtime:room','phx_close',{}]");
        assertThat(fixture.hub.counts().subscriptions()).isEqualTo(1);
    }

    @Test
    void joining_again_in_vain_still_ends_the_older_join() {
        client.join("realtime:room", "1", "{'config':{}}");

        assertThat(client.join("realtime:room", "2", "{'access_token':'bad'}"))
                .hasSize(2)
                .last()
                .isEqualTo("['1','1','realtime:room','phx_close',{}]");
        assertThat(fixture.hub.counts().subscriptions()).isZero();
    }

    @Test
    void leaving_is_answered_and_closes_the_channel() {
        client.join("realtime:room", "1", "{'config':{}}");

        assertThat(client.send("['1','5','realtime:room','phx_leave',{}]"))
                .containsExactly(
                        "['1','5','realtime:room','phx_reply',{'status':'ok','response':{}}]",
                        "['1','1','realtime:room','phx_close',{}]");
        assertThat(fixture.hub.counts().subscriptions()).isZero();
        assertThat(client.link.scheduled())
                .as("the watch for sockets without channels alone")
                .isEqualTo(1);
    }

    @Test
    void leaving_what_was_not_joined_is_answered() {
        assertThat(client.send("['1','5','realtime:room','phx_leave',{}]"))
                .containsExactly("['1','5','realtime:room','phx_reply',{'status':'ok','response':{}}]");
    }

    @Test
    void leaving_an_older_join_does_not_end_the_one_that_replaced_it() {
        client.join("realtime:room", "1", "{'config':{}}");
        client.join("realtime:room", "2", "{'config':{}}");

        client.send("['1','5','realtime:room','phx_leave',{}]");

        assertThat(fixture.hub.counts().subscriptions()).isEqualTo(1);
    }

    @Test
    void a_binary_push_may_leave() {
        client.join("realtime:r", "1", "{'config':{}}");

        assertThat(client.sendHex("0001010a09" + "3132" + hex("realtime:r") + hex("phx_leave")))
                .containsExactly(
                        "['1','2','realtime:r','phx_reply',{'status':'ok','response':{}}]",
                        "['1','1','realtime:r','phx_close',{}]");
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void a_refusal_that_waits_holds_up_its_own_topic_alone() {
        client.link.refusalDelay = Duration.ofSeconds(2);
        String isPrivate = "{'config':{'private':true}}";

        assertThat(client.join("realtime:room", "1", isPrivate)).isEmpty();
        assertThat(client.join("realtime:other", "2", "{'config':{}}")).hasSize(1);
        assertThat(client.send("['1','3','realtime:room','phx_leave',{}]")).isEmpty();
        client.link.advance(Duration.ofSeconds(2));

        assertThat(client.take())
                .containsExactly(
                        refused(
                                "realtime:room",
                                "1",
                                "Unauthorized: You do not have permissions to read from this Channel topic: room"),
                        "['1','3','realtime:room','phx_reply',{'status':'ok','response':{}}]");
    }
}
