package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.phoenix.SessionFixture.Client;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heartbeats, broadcasts, what is dropped, and how a socket ends. */
final class PhoenixSessionTest {

    private static final String PAYLOAD = "{'type':'broadcast','event':'shout','payload':{'a':1}}";
    private static final String BROADCAST = "['1','7','realtime:room','broadcast'," + PAYLOAD + "]";
    private static final String COPY = "[null,null,'realtime:room','broadcast'," + PAYLOAD + "]";
    private static final String ACK = "['1','7','realtime:room','phx_reply',{'status':'ok','response':{}}]";

    private final SessionFixture fixture = new SessionFixture();
    private final Client client = fixture.connect(ProtocolVersion.V2);
    private final Client other = fixture.connect(ProtocolVersion.V2);

    private void join(Client who, boolean ack, boolean self) {
        who.join("realtime:room", "1", "{'config':{'broadcast':{'ack':" + ack + ",'self':" + self + "}}}");
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String kind3(String event, int encoding, String payloadHex) {
        return "030101%02x%02x00%02x".formatted("realtime:room".length(), event.length(), encoding)
                + hex("1")
                + hex("7")
                + hex("realtime:room")
                + hex(event)
                + payloadHex;
    }

    @Test
    void a_heartbeat_is_answered() {
        assertThat(client.send("[null,'11','phoenix','heartbeat',{}]"))
                .containsExactly("[null,'11','phoenix','phx_reply',{'status':'ok','response':{}}]");
    }

    @Test
    void a_push_on_a_topic_that_is_not_joined_is_unmatched() {
        String unmatched =
                "[null,'7','realtime:room','phx_reply',{'status':'error','response':{'reason':'unmatched topic'}}]";

        assertThat(client.send(BROADCAST)).containsExactly(unmatched);
        assertThat(client.sendHex(kind3("e", 1, hex("{}")))).containsExactly(unmatched);
    }

    @Test
    void a_broadcast_reaches_the_others_and_is_not_answered() {
        join(client, false, false);
        join(other, false, false);

        assertThat(client.send(BROADCAST)).isEmpty();
        assertThat(other.take()).containsExactly(COPY);
    }

    @Test
    void a_broadcast_comes_back_to_a_sender_that_asked_for_it() {
        join(client, false, true);

        assertThat(client.send(BROADCAST)).containsExactly(COPY);
    }

    @Test
    void a_broadcast_is_acknowledged_to_a_sender_that_asked_for_it() {
        join(client, true, false);

        assertThat(client.send(BROADCAST)).containsExactly(ACK);
        assertThat(client.sendHex(kind3("shout", 1, hex("{}")))).containsExactly(ACK);
    }

    @ParameterizedTest
    @CsvSource({"null", "'99'"})
    void a_push_with_no_or_an_old_join_ref_is_answered_by_the_current_join(String joinRef) {
        join(client, true, false);

        assertThat(client.send(BROADCAST.replace("['1',", "[" + joinRef.replace("'", "\"") + ",")))
                .containsExactly(ACK);
    }

    @Test
    void a_binary_broadcast_keeps_its_bytes_and_loses_its_metadata() {
        join(client, false, false);
        join(other, false, false);

        client.sendHex("0301010d03140131" + "37" + hex("realtime:room") + hex("e e") + hex("{\"id\":\"replayed\"}   ")
                + hex("{ \"b\" :2}"));
        assertThat(other.take()).containsExactly("040d030001" + hex("realtime:room") + hex("e e") + hex("{ \"b\" :2}"));

        client.sendHex(kind3("bin", 0, "0102ff"));
        assertThat(other.take()).containsExactly("040d030000" + hex("realtime:room") + hex("bin") + "0102ff");
    }

    @Test
    void a_broadcast_that_is_too_large_goes_nowhere_and_is_refused_to_a_sender_that_asked_for_answers() {
        join(client, true, true);
        String refused = "['1','7','realtime:room','phx_reply',{'status':'error','response':'payload_size_exceeded'}]";

        assertThat(client.send("['1','7','realtime:room','broadcast',{'x':'" + "x".repeat(1_000) + "'}]"))
                .containsExactly(refused);
        assertThat(client.sendHex(kind3("e", 0, "00".repeat(1_000)))).containsExactly(refused);
        assertThat(client.sendHex(kind3("e", 0, "00".repeat(999)))).contains(ACK);
        assertThat(fixture.endpoint.count(Oddity.PAYLOAD_TOO_LARGE)).isEqualTo(2);
    }

    @Test
    void a_sender_is_read_no_further_while_a_loop_is_behind() {
        join(client, false, true);
        String payload = "{'x':'" + "x".repeat(900) + "'}";
        byte[] message = ("['1','7','realtime:room','broadcast'," + payload + "]")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < 150; i++) {
            client.session.onText(message);
        }

        assertThat(client.link.isHeld).isTrue();
        assertThat(client.take()).hasSize(150);
    }

    @Test
    void an_unknown_event_on_a_joined_topic_is_counted_and_not_answered() {
        join(client, true, true);

        assertThat(client.send("['1','7','realtime:room','dance',{}]")).isEmpty();
        assertThat(fixture.endpoint.count(Oddity.UNKNOWN_EVENT)).isEqualTo(1);
    }

    @Test
    void malformed_input_is_counted_and_changes_nothing() {
        join(client, false, true);

        assertThat(client.send("")).isEmpty();
        assertThat(client.send("{}")).isEmpty();
        assertThat(client.sendHex("09")).isEmpty();
        assertThat(client.send("['1','7','realtime:room','broadcast',[]]")).isEmpty();
        assertThat(client.send("['1','7','realtime:room','broadcast',null]")).isEmpty();

        assertThat(client.link.closed).isNull();
        assertThat(fixture.endpoint.count(Oddity.NOT_A_MESSAGE)).isEqualTo(2);
        assertThat(fixture.endpoint.count(Oddity.BAD_BINARY)).isEqualTo(1);
        assertThat(fixture.endpoint.count(Oddity.BAD_PAYLOAD)).isEqualTo(2);
        assertThat(client.send(BROADCAST)).containsExactly(COPY);
    }

    @Test
    void a_socket_that_has_ended_leaves_everything() {
        join(client, false, false);

        client.session.onClosed();

        assertThat(fixture.hub.counts().subscriptions()).isZero();
        assertThat(client.link.scheduled()).isZero();
        assertThat(client.take()).isEmpty();
    }

    @Test
    void going_down_is_said_on_every_topic_before_the_socket_closes() {
        join(client, false, false);

        client.session.shutDown();

        assertThat(client.take())
                .containsExactly("[null,null,'realtime:room','system',{'extension':'system','status':'ok',"
                        + "'message':'Server requested disconnect'}]");
        assertThat(client.link.closed).isEqualTo(CloseReason.GOING_DOWN);
    }

    @Test
    void a_reader_that_is_too_slow_is_told_so_and_closed() {
        join(client, false, false);

        client.session.tooSlow();

        assertThat(client.take())
                .containsExactly("['1',null,'realtime:room','system',{'extension':'system','status':'error',"
                        + "'message':'Too much is waiting to be read by this client','channel':'room'}]");
        assertThat(client.link.closed).isEqualTo(CloseReason.TOO_SLOW);
        assertThat(fixture.hub.counts().subscriptions()).isZero();
    }
}
