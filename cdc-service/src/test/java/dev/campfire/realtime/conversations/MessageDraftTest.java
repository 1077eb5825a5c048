package dev.campfire.realtime.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The standards' validation of messages, rule by rule. */
final class MessageDraftTest {

    private static final String ID = "48eedfba-2568-4231-bb38-2ce20420900d";

    private static ObjectNode good() {
        return (ObjectNode)
                Bodies.json(
                        "{'conversation_id':'" + ID
                                + "','organization_id':'b5e80170-004c-4e82-a88c-3e2166b169dd','content':'Hello','sender_type':'customer'}");
    }

    private static ObjectNode with(String field, String json) {
        ObjectNode body = good();
        body.set(field, Bodies.json(json));
        return body;
    }

    private static List<String> errors(JsonNode body) {
        return Bodies.errors(() -> MessageDraft.read(body));
    }

    @Test
    void a_message_with_what_is_required_is_good() {
        MessageDraft draft = MessageDraft.read(good());

        assertThat(draft.conversation()).isEqualTo(UUID.fromString(ID));
        assertThat(draft.content()).isEqualTo("Hello");
        assertThat(draft.senderName()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation_id", "organization_id", "content", "sender_type"})
    void what_is_required_has_to_be_there(String field) {
        ObjectNode body = good();
        body.remove(field);

        assertThat(errors(body)).containsExactly(field + " is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation_id", "organization_id", "content", "sender_type"})
    void what_is_required_must_not_be_null(String field) {
        assertThat(errors(with(field, "null"))).containsExactly(field + " is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'48eedfba'", "'1-1-1-1-1'", "7", "{}", "'48eedfba-2568-4231-bb38-2ce20420900d '"})
    void the_conversation_is_a_uuid(String value) {
        assertThat(errors(with("conversation_id", value))).containsExactly("conversation_id must be a UUID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'abc123'", "true", "'b5e80170-004c-4e82-a88c-3e2166b169dg'"})
    void the_organization_is_a_uuid(String value) {
        assertThat(errors(with("organization_id", value))).containsExactly("organization_id must be a UUID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'  '", "'\\n'"})
    void the_content_is_not_empty(String value) {
        assertThat(errors(with("content", value))).containsExactly("content must not be empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "['a']", "{}"})
    void the_content_is_a_string(String value) {
        assertThat(errors(with("content", value))).containsExactly("content must be a string");
    }

    @Test
    void the_content_may_have_4000_characters() {
        assertThat(errors(with("content", "'" + "x".repeat(4000) + "'"))).isEmpty();
    }

    @Test
    void the_content_may_not_have_4001_characters() {
        assertThat(errors(with("content", "'" + "x".repeat(4001) + "'")))
                .containsExactly("content must have at most 4000 characters");
    }

    @Test
    void characters_are_counted_as_postgres_counts_them() {
        assertThat(errors(with("content", "'" + "\uD83D\uDD25".repeat(4000) + "'")))
                .isEmpty();
        assertThat(errors(with("content", "'" + "\uD83D\uDD25".repeat(4001) + "'")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'a\\u0000'", "'\\ud800'", "'\\udc00x'"})
    void the_content_can_be_stored(String value) {
        assertThat(errors(with("content", value)))
                .containsExactly("content must not contain U+0000 or half of a surrogate pair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer", "agent", "system"})
    void a_sender_is_one_of_three(String type) {
        assertThat(errors(with("sender_type", "'" + type + "'"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'visitor'", "'Customer'", "''", "1"})
    void a_sender_is_nothing_else(String value) {
        assertThat(errors(with("sender_type", value)))
                .containsExactly("sender_type must be one of customer, agent, system");
    }

    @Test
    void a_senders_name_is_optional() {
        assertThat(errors(with("sender_name", "null"))).isEmpty();
        assertThat(MessageDraft.read(with("sender_name", "'Ada'")).senderName()).isEqualTo("Ada");
    }

    @Test
    void a_senders_name_is_a_string() {
        assertThat(errors(with("sender_name", "5"))).containsExactly("sender_name must be a string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.com", "a.b+c@x-y.example.org", "jam@jam.com", "o'neil@example.ie"})
    void a_senders_address_may_be_given(String address) {
        ObjectNode body = good();
        body.put("sender_email", address);

        assertThat(errors(body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "ada@",
                "@example.com",
                "ada@example",
                "a b@example.com",
                "ada@-x.com",
                "a@b@c.de",
                "a..b@example.com",
                ".a@example.com",
                "a.@example.com",
                "ada@example.com\n"
            })
    void a_senders_address_is_one(String address) {
        ObjectNode body = good();
        body.put("sender_email", address);

        assertThat(errors(body)).containsExactly("sender_email must be an email address");
    }

    @Test
    void an_address_that_is_too_long_is_told_quickly() {
        ObjectNode body = good();
        body.put("sender_email", "a.".repeat(100_000) + "@example.com");

        assertThat(errors(body)).containsExactly("sender_email must have at most 254 characters");
    }

    @Test
    void metadata_is_an_object_and_attachments_are_an_array() {
        assertThat(errors(with("metadata", "[]"))).containsExactly("metadata must be an object");
        assertThat(errors(with("attachments", "{}"))).containsExactly("attachments must be an array");
        assertThat(errors(with("metadata", "{'a':[{'b':'\\u0000'}]}"))).hasSize(1);
    }

    @Test
    void every_wrong_field_is_told_once() {
        assertThat(errors(Bodies.json("{'conversation_id':7,'content':'','sender_type':'x','sender_email':'y'}")))
                .containsExactlyInAnyOrder(
                        "conversation_id must be a UUID",
                        "organization_id is required",
                        "content must not be empty",
                        "sender_type must be one of customer, agent, system",
                        "sender_email must be an email address");
    }

    @Test
    void what_the_caller_may_not_set_is_told() {
        assertThat(errors(with("status", "'read'"))).containsExactly("status is not known");
    }
}
