package dev.campfire.realtime.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.vocabulary.EventName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of reports, reading marks and typing, and the parameters of pages. */
final class DraftsTest {

    private static final String ID = "48eedfba-2568-4231-bb38-2ce20420900d";
    private static final Participant AGENT = Bodies.caller("authenticated", "an-agent", Map.of());
    private static final Participant VISITOR = Bodies.caller("anon", null, Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "read", "failed"})
    void a_status_may_be_reported(String status) {
        assertThat(MessageStatus.read(Bodies.json("{'status':'" + status + "'}"))
                        .text())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'status':null}", "{'status':'sent'}", "{'status':7}", "{'status':'READ'}"})
    void no_other_status_is(String body) {
        assertThat(Bodies.errors(() -> MessageStatus.read(Bodies.json(body)))).hasSize(1);
    }

    @Test
    void reading_comes_after_delivery_and_delivery_after_failure() {
        assertThat(MessageStatus.READ.rank()).isGreaterThan(MessageStatus.DELIVERED.rank());
        assertThat(MessageStatus.DELIVERED.rank()).isGreaterThan(MessageStatus.FAILED.rank());
    }

    @Test
    void a_visitor_reads_as_the_customer_and_a_member_as_an_agent() {
        assertThat(ReadMark.read(Bodies.json("{}"), VISITOR).senders()).containsExactly("agent", "system");
        assertThat(ReadMark.read(Bodies.json("{}"), AGENT).senders()).containsExactly("customer");
    }

    @Test
    void a_reader_may_be_named() {
        assertThat(ReadMark.read(Bodies.json("{'reader_type':'customer'}"), AGENT)
                        .isCustomer())
                .isTrue();
    }

    @Test
    void a_reading_mark_names_both_wrong_fields() {
        assertThat(Bodies.errors(() -> ReadMark.read(Bodies.json("{'reader_type':'system','message_id':'x'}"), AGENT)))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"typing:start,TYPING_START", "typing:stop,TYPING_STOP", "typing:update,TYPING_UPDATE"})
    void typing_has_three_events(String name, EventName event) {
        assertThat(TypingSignal.read(Bodies.json("{'event':'" + name + "'}"), AGENT)
                        .event())
                .isEqualTo(event);
    }

    @Test
    void typing_may_be_told_as_older_components_do() {
        assertThat(TypingSignal.read(Bodies.json("{'isTyping':true}"), AGENT).event())
                .isEqualTo(EventName.TYPING_START);
        assertThat(TypingSignal.read(Bodies.json("{'isTyping':false}"), AGENT).event())
                .isEqualTo(EventName.TYPING_STOP);
    }

    @Test
    void typing_does_not_contradict_itself() {
        assertThat(Bodies.errors(
                        () -> TypingSignal.read(Bodies.json("{'event':'typing:stop','isTyping':true}"), AGENT)))
                .containsExactly("isTyping must not contradict event");
    }

    @Test
    void typing_needs_an_event() {
        assertThat(Bodies.errors(() -> TypingSignal.read(Bodies.json("{}"), AGENT)))
                .containsExactly("event is required, or isTyping");
    }

    @Test
    void nobody_types_in_the_name_of_another() {
        assertThat(Bodies.errors(() -> TypingSignal.read(Bodies.json("{'isTyping':true,'userId':'somebody'}"), AGENT)))
                .containsExactly("userId must be the one that the token names");
    }

    @Test
    void a_visitor_types_under_the_name_in_its_token() {
        Participant named = Bodies.caller("anon", null, Map.of("visitor_id", "v1"));

        assertThat(TypingSignal.read(Bodies.json("{'isTyping':true}"), named).userId())
                .isEqualTo("v1");
        assertThat(Bodies.errors(() -> TypingSignal.read(Bodies.json("{'isTyping':true,'userId':'v2'}"), named)))
                .hasSize(1);
    }

    @Test
    void whom_the_token_does_not_name_the_body_does() {
        assertThat(TypingSignal.read(Bodies.json("{'isTyping':true,'userId':'v7'}"), VISITOR)
                        .userId())
                .isEqualTo("v7");
        assertThat(Bodies.errors(() -> TypingSignal.read(Bodies.json("{'isTyping':true}"), VISITOR)))
                .containsExactly("userId is required, because the token names nobody");
    }

    @Test
    void typing_is_told_in_the_standards_words() {
        TypingSignal signal = TypingSignal.read(
                Bodies.json("{'event':'typing:update','userName':'Jam','userType':'agent','previewText':'Hel'}"),
                AGENT);

        assertThat(Bodies.json(new String(
                        signal.payload(UUID.fromString(ID), UUID.fromString(ID), Instant.EPOCH),
                        StandardCharsets.UTF_8)))
                .isEqualTo(Bodies.json("{'conversationId':'" + ID + "','organizationId':'" + ID
                        + "','userId':'an-agent','userName':'Jam','userType':'agent','isTyping':true,"
                        + "'previewText':'Hel','timestamp':'1970-01-01T00:00:00Z'}"));
    }

    @Test
    void a_page_begins_at_the_beginning_and_has_fifty_messages() {
        assertThat(PageRequest.read(Map.of())).isEqualTo(new PageRequest(null, null, 50));
    }

    @Test
    void a_page_comes_after_a_message_or_a_time_or_both() {
        Instant time = Instant.parse("2025-01-31T12:00:00.000001Z");
        UUID id = UUID.fromString(ID);

        assertThat(after(ID)).isEqualTo(new PageRequest(null, id, 50));
        assertThat(after("2025-01-31T12:00:00.000001Z")).isEqualTo(new PageRequest(time, null, 50));
        assertThat(after("2025-01-31T12:00:00.000001 00:00")).isEqualTo(new PageRequest(time, null, 50));
        assertThat(after("2025-01-31T12:00:00.000001Z_" + ID)).isEqualTo(new PageRequest(time, id, 50));
    }

    private static PageRequest after(String text) {
        return PageRequest.read(Map.of("after", List.of(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "2025-01-31", "_", "2025-01-31T12:00:00Z_x", "x_" + ID, "-99999-01-01T00:00:00Z"})
    void a_page_comes_after_nothing_else(String text) {
        assertThat(Bodies.errors(() -> after(text))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "501", "x", "", "1.5", "99999999999"})
    void a_page_has_one_to_five_hundred_messages(String limit) {
        assertThat(Bodies.errors(() -> PageRequest.read(Map.of("limit", List.of(limit)))))
                .containsExactly("limit must be a whole number from 1 to 500");
    }
}
