package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients are told whose names are not the standard's, where that matters. */
final class StrictNamesTest {

    private final SessionFixture fixture = SessionFixture.strict();
    private final Client client = fixture.connect(ProtocolVersion.V2);

    private static String broadcast(String channel, String event) {
        return "['1','5','realtime:" + channel + "','broadcast',{'type':'broadcast','event':'" + event
                + "','payload':{}}]";
    }

    @Test
    void a_join_is_refused_and_told_what_was_meant() {
        assertThat(client.join("realtime:org:o:conv:c:typin", "1", "{'config':{}}"))
                .singleElement()
                .asString()
                .contains("'status':'error'")
                .contains("ChannelNameNotStandard")
                .contains("org:o:conv:c:typing");
    }

    @Test
    void a_broadcast_is_refused_and_told_what_was_meant_also_when_nobody_asked() {
        Client listener = fixture.connect(ProtocolVersion.V2);
        listener.join("realtime:org:o:conv:c", "1", "{'config':{}}");
        client.join("realtime:org:o:conv:c", "1", "{'config':{}}");

        List<String> answer = client.send(broadcast("org:o:conv:c", "message:create"));

        assertThat(answer).singleElement().asString().contains("'system'").contains("message:created");
        assertThat(listener.take()).isEmpty();
        assertThat(client.send(broadcast("org:o:conv:c", "message:created"))).isEmpty();
        assertThat(listener.take()).hasSize(1);
    }

    @Test
    void who_asked_for_an_answer_gets_it() {
        client.join("realtime:org:o", "1", "{'config':{'broadcast':{'ack':true}}}");

        assertThat(client.send(broadcast("org:o", "hello")))
                .anySatisfy(answer -> assertThat(answer).contains("phx_reply").contains("EventNameNotStandard"));
    }

    @Test
    void other_channels_are_free() {
        assertThat(client.join("realtime:room", "1", "{'config':{'broadcast':{'ack':true}}}"))
                .singleElement()
                .asString()
                .contains("'ok'");
        assertThat(client.send(broadcast("room", "anything")))
                .singleElement()
                .asString()
                .contains("'ok'");
    }
}
