package dev.campfire.realtime.phoenix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading the text messages of both versions. */
final class TextMessageTest {

    private final JsonReader json = new JsonReader(10);

    private ClientMessage.Push read(ProtocolVersion version, byte[] text) throws MalformedMessageException {
        return (ClientMessage.Push) version.serializer().readText(text, json);
    }

    private ClientMessage.Push read(ProtocolVersion version, String text) throws MalformedMessageException {
        return read(version, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String payload(ClientMessage.Push push) {
        byte[] payload = push.payload();
        assertThat(payload).isNotNull();
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Test
    void reads_an_object() throws Exception {
        ClientMessage.Push push = read(
                ProtocolVersion.V1,
                "{\"topic\":\"realtime:room:1\",\"event\":\"broadcast\",\"payload\":{\"type\":\"broadcast\","
                        + "\"event\":\"shout\",\"payload\":{\"a\":1}},\"ref\":\"7\",\"join_ref\":\"6\"}");

        assertThat(push.topic()).isEqualTo("realtime:room:1");
        assertThat(push.event()).isEqualTo("broadcast");
        assertThat(push.ref()).isEqualTo(new Ref("\"7\""));
        assertThat(push.joinRef()).isEqualTo(new Ref("\"6\""));
        assertThat(payload(push)).isEqualTo("{\"type\":\"broadcast\",\"event\":\"shout\",\"payload\":{\"a\":1}}");
    }

    @Test
    void an_object_needs_no_join_ref_and_may_have_more_fields() throws Exception {
        ClientMessage.Push push = read(
                ProtocolVersion.V1,
                "{\"more\":[{}],\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":\"11\"}");

        assertThat(push.joinRef()).isEqualTo(Ref.NONE);
        assertThat(push.topic()).isEqualTo("phoenix");
    }

    @Test
    void reads_an_array_and_ignores_what_stands_behind_its_fifth_element() throws Exception {
        ClientMessage.Push push = read(ProtocolVersion.V2, "[null,\"2\",\"t\",\"e\", {\"a\": [1, 2]} ,{\"x\":1},3]");

        assertThat(push.joinRef()).isEqualTo(Ref.NONE);
        assertThat(push.ref()).isEqualTo(new Ref("\"2\""));
        assertThat(payload(push)).isEqualTo("{\"a\": [1, 2]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "\"a string \\\" with €\"", "-1.50e3", "[[],{}]", "true", "\"\""})
    void keeps_a_payload_byte_by_byte(String value) throws Exception {
        assertThat(payload(read(ProtocolVersion.V2, "[\"1\",\"1\",\"tö\",\"e\"," + value + "]")))
                .isEqualTo(value);
        assertThat(payload(read(
                        ProtocolVersion.V1,
                        "{\"payload\":" + value + ",\"topic\":\"tö\",\"event\":\"e\",\"ref\":\"1\"}")))
                .isEqualTo(value);
    }

    @Test
    void refs_come_back_as_they_were_written() throws Exception {
        assertThat(read(ProtocolVersion.V2, "[7,\"a\\u0041\",\"t\",\"e\",{}]")
                        .joinRef()
                        .json())
                .isEqualTo("7");
        assertThat(read(ProtocolVersion.V2, "[7,\"a\\u0041\",\"t\",\"e\",{}]")
                        .ref()
                        .json())
                .isEqualTo("\"a\\u0041\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1", "[null,null,\"t\",\"e\",{}]]", "[null,null,\"t\",\"e\",{}", "x"})
    void what_is_no_json_is_malformed(String text) {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            assertThatThrownBy(() -> read(version, text)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"topic\":\"t\",\"event\":\"e\",\"payload\":{},\"ref\":\"1\"} | NOT_A_MESSAGE",
                "\"text\" | NOT_A_MESSAGE",
                "[null,null,\"t\",\"e\"] | NOT_A_MESSAGE",
                "[null,null,\"t\"] | BAD_FIELD",
                "[] | BAD_FIELD",
                "[null,null,1,\"e\",{}] | BAD_FIELD",
                "[{},null,\"t\",\"e\",{}] | BAD_FIELD",
                "[null,null,\"\\ud800\",\"e\",{}] | BAD_FIELD",
                "[null,null,\"t\",\"e\",[[[[[[[[[[[1]]]]]]]]]]]] | NOT_JSON"
            })
    void what_is_no_array_message_is_malformed(String text, Oddity oddity) {
        assertThatThrownBy(() -> read(ProtocolVersion.V2, text))
                .isInstanceOfSatisfying(MalformedMessageException.class, e -> assertThat(e.oddity())
                        .isEqualTo(oddity));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[null,null,\"t\",\"e\",{}] | NOT_A_MESSAGE",
                "{\"event\":\"e\",\"payload\":{},\"ref\":\"1\"} | BAD_FIELD",
                "{\"topic\":\"t\",\"payload\":{},\"ref\":\"1\"} | BAD_FIELD",
                "{\"topic\":\"t\",\"event\":\"e\",\"ref\":\"1\"} | BAD_FIELD",
                "{\"topic\":\"t\",\"event\":\"e\",\"payload\":{}} | BAD_FIELD",
                "{\"topic\":null,\"event\":\"e\",\"payload\":{},\"ref\":\"1\"} | BAD_FIELD"
            })
    void what_is_no_object_message_is_malformed(String text, Oddity oddity) {
        assertThatThrownBy(() -> read(ProtocolVersion.V1, text))
                .isInstanceOfSatisfying(MalformedMessageException.class, e -> assertThat(e.oddity())
                        .isEqualTo(oddity));
    }

    @Test
    void text_that_is_not_utf8_is_malformed() {
        byte[] text = "[null,null,\"t\",\"e\",\"x\"]".getBytes(StandardCharsets.UTF_8);
        text[text.length - 3] = (byte) 0xff;

        assertThatThrownBy(() -> read(ProtocolVersion.V2, text))
                .isInstanceOfSatisfying(MalformedMessageException.class, e -> assertThat(e.oddity())
                        .isEqualTo(Oddity.NOT_UTF8));
    }

    @Test
    void version_1_has_no_binary_messages() {
        assertThatThrownBy(() -> ProtocolVersion.V1.serializer().readBinary(new byte[] {3}, json))
                .isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @CsvSource({
        ", V1",
        "1.0.0, V1",
        "1.0.7, V1",
        "2.0.0, V2",
        "2.0.1+build, V2",
        "2.0.00,",
        "2.1.0,",
        "3.0.0,",
        "2.0.0-rc.1,",
        "2,",
        "'',"
    })
    void a_version_is_spoken_or_not(@Nullable String vsn, @Nullable ProtocolVersion expected) {
        assertThat(ProtocolVersion.of(vsn).orElse(null)).isEqualTo(expected);
    }
}
