package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Presence as a client sees it. */
final class PresenceCallsTest {

    private static final String ENABLED = "{'config':{'presence':{'enabled':true,'key':'k'}}}";

    private final SessionFixture fixture = new SessionFixture();
    private final Client client = fixture.connect(ProtocolVersion.V2);
    private final Client other = fixture.connect(ProtocolVersion.V2);

    private static String call(String ref, String payload) {
        return "['1','" + ref + "','realtime:room','presence'," + payload + "]";
    }

    private static String track(String meta) {
        return call("5", "{'type':'presence','event':'track','payload':" + meta + "}");
    }

    private static String reply(String payload) {
        return "['1','5','realtime:room','phx_reply'," + payload + "]";
    }

    private static final String OK = reply("{'status':'ok','response':{}}");

    /** References differ each time: all that can be said of them is that they are there. */
    private static String plain(String message) {
        return message.replaceAll("'phx_ref(_prev)?':'[\\w-]{16}'", "'phx_ref$1':'*'");
    }

    @Test
    void the_state_follows_the_reply_when_presence_is_enabled() {
        assertThat(client.join("realtime:room", "1", ENABLED))
                .containsExactly(
                        "['1','1','realtime:room','phx_reply',{'status':'ok','response':{'postgres_changes':[]}}]",
                        "['1',null,'realtime:room','presence_state',{}]");
        assertThat(other.join("realtime:room", "1", "{'config':{'presence':{'enabled':false,'key':'k'}}}"))
                .hasSize(1);
    }

    @Test
    void clients_that_are_older_than_the_flag_get_the_state() {
        assertThat(client.join(
                        "realtime:room",
                        "1",
                        "{'config':{'broadcast':{'ack':false},'presence':{'key':''},'postgres_changes':[]}}"))
                .hasSize(2);
        assertThat(other.join("realtime:room", "1", "{'config':{'presence':{'key':''}}}"))
                .hasSize(1);
    }

    @Test
    void who_tracks_is_told_of_to_all_and_to_themselves() {
        client.join("realtime:room", "1", ENABLED);
        other.join("realtime:room", "1", "{'config':{}}");

        assertThat(client.send(track("{'a':1}"))).containsExactly(OK);
        fixture.tick();

        String diff = "[null,null,'realtime:room','presence_diff',"
                + "{'joins':{'k':{'metas':[{'a':1,'phx_ref':'*'}]}},'leaves':{}}]";
        assertThat(client.take()).extracting(PresenceCallsTest::plain).containsExactly(diff);
        assertThat(other.take()).extracting(PresenceCallsTest::plain).containsExactly(diff);
    }

    @Test
    void who_comes_later_gets_the_state() {
        client.join("realtime:room", "1", ENABLED);
        client.send(track("{}"));
        fixture.tick();

        assertThat(other.join("realtime:room", "1", ENABLED))
                .last()
                .extracting(PresenceCallsTest::plain)
                .isEqualTo("['1',null,'realtime:room','presence_state',{'k':{'metas':[{'phx_ref':'*'}]}}]");
    }

    @Test
    void another_payload_is_a_leave_and_a_join_that_names_the_one_before() {
        client.join("realtime:room", "1", ENABLED);
        client.send(track("{'a':1}"));
        fixture.tick();
        client.take();

        client.send(track("{'a':2}"));
        fixture.tick();

        assertThat(client.take())
                .extracting(PresenceCallsTest::plain)
                .containsExactly("[null,null,'realtime:room','presence_diff',"
                        + "{'joins':{'k':{'metas':[{'a':2,'phx_ref':'*','phx_ref_prev':'*'}]}},"
                        + "'leaves':{'k':{'metas':[{'a':1,'phx_ref':'*'}]}}}]");
    }

    @Test
    void the_same_payload_again_changes_nothing() {
        client.join("realtime:room", "1", ENABLED);
        client.send(track("{'a':1}"));
        fixture.tick();
        client.take();

        assertThat(client.send(track("{ 'a' : 1 }"))).containsExactly(OK);
        fixture.tick();

        assertThat(client.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"untrack", "leave", "close"})
    void who_goes_is_told_of(String how) {
        client.join("realtime:room", "1", ENABLED);
        other.join("realtime:room", "1", ENABLED);
        client.send(track("{'a':1}"));
        fixture.tick();
        other.take();

        switch (how) {
            case "untrack" -> client.send(call("5", "{'event':'UNTRACK'}"));
            case "leave" -> client.send("['1','6','realtime:room','phx_leave',{}]");
            default -> client.session.onClosed();
        }
        fixture.tick();

        assertThat(other.take())
                .extracting(PresenceCallsTest::plain)
                .containsExactly("[null,null,'realtime:room','presence_diff',"
                        + "{'joins':{},'leaves':{'k':{'metas':[{'a':1,'phx_ref':'*'}]}}}]");
    }

    @Test
    void who_comes_and_goes_within_a_tick_is_not_told_of() {
        client.join("realtime:room", "1", ENABLED);

        client.send(track("{'a':1}"));
        client.send(call("5", "{'event':'untrack'}"));
        fixture.tick();

        assertThat(client.take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event':'track','payload':7} | {'status':'error','response':{'reason':'Presence track payload must be a map'}}",
                "{'event':'track'} | {'status':'error','response':{'reason':'Presence track payload must be a map'}}",
                "{'event':'dance'} | {'status':'error','response':{}}",
                "{'payload':{}} | {'status':'ok','response':{}}",
                "{'event':'untrack'} | {'status':'ok','response':{}}",
                "{'event':'TrAcK','payload':{}} | {'status':'ok','response':{}}"
            })
    void a_call_is_answered(String payload, String answer) {
        client.join("realtime:room", "1", ENABLED);

        assertThat(client.send(call("5", payload))).containsExactly(reply(answer));
    }

    @Test
    void a_number_is_a_key_too_and_none_is_made_up() {
        client.join("realtime:room", "1", "{'config':{'presence':{'key':7}}}");
        other.join("realtime:room", "1", "{'config':{'presence':{'enabled':false,'key':''}}}");
        client.send(track("{}"));
        fixture.tick();
        assertThat(client.take()).singleElement().asString().contains("'joins':{'7':");
        other.send(track("{}"));
        fixture.tick();
        assertThat(client.take()).singleElement().asString().matches(".*'joins':\\{'[0-9a-f-]{36}':.*");
    }

    @Test
    void too_many_calls_end_the_channel_for_now() {
        client.join("realtime:room", "1", ENABLED);
        for (int i = 0; i < 5; i++) {
            assertThat(client.send(track("{'a':" + i + "}"))).containsExactly(OK);
        }

        assertThat(client.send(track("{'a':9}")))
                .containsExactly(
                        system("Client presence rate limit exceeded"), "['1','1','realtime:room','phx_error',{}]");
    }

    @Test
    void a_new_window_begins_after_a_while() {
        client.join("realtime:room", "1", ENABLED);
        for (int i = 0; i < 5; i++) {
            client.send(track("{'a':" + i + "}"));
        }
        client.link.advance(Duration.ofSeconds(30));

        assertThat(client.send(track("{'a':9}"))).containsExactly(OK);
    }

    @Test
    void an_object_that_is_too_large_ends_the_channel_for_now() {
        client.join("realtime:room", "1", ENABLED);

        assertThat(client.send(track("{'a':'" + "x".repeat(1_000) + "'}")))
                .containsExactly(system("Track message size exceeded"), "['1','1','realtime:room','phx_error',{}]");
    }

    private static String system(String message) {
        return "['1',null,'realtime:room','system',{'extension':'system','status':'error','message':'" + message
                + "','channel':'room'}]";
    }
}
