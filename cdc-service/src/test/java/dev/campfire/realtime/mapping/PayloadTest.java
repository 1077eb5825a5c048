package dev.campfire.realtime.mapping;

import static dev.campfire.realtime.mapping.TestTable.CONVERSATION;
import static dev.campfire.realtime.mapping.TestTable.MESSAGE;
import static dev.campfire.realtime.mapping.TestTable.ORG;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PayloadTest {

    private static final String RECORD = "{\"id\":\"" + MESSAGE + "\",\"conversation_id\":\"" + CONVERSATION
            + "\",\"organization_id\":\"" + ORG + "\",\"content\":\"Hello \\\"you\\\"\",\"status\":\"sent\","
            + "\"metadata\":null,\"created_at\":\"2025-11-18T22:22:40.877+00:00\"}";

    private final TestTable messages = TestTable.messages(ReplicaIdentity.FULL);
    private final TestTable withoutOldRows = TestTable.messages(ReplicaIdentity.DEFAULT);
    private final MappedEvents mapped = new MappedEvents();

    @Test
    void an_insert_is_told_as_supabase_tells_it() {
        Event event = mapped.of(messages.insert(messages.row())).getFirst();

        assertThat(MappedEvents.text(event))
                .isEqualTo(
                        "{\"id\":\"abcdef00000016b374d8480000000700\",\"operation\":\"INSERT\",\"schema\":\"public\","
                                + "\"table\":\"messages\",\"commit_timestamp\":\"2025-11-19T00:22:40.877Z\",\"record\":"
                                + RECORD
                                + ",\"old_record\":null}");
    }

    @Test
    void an_update_has_both_rows() {
        JsonNode payload = only(messages.update(messages.row(), messages.row("content", "edited")));

        assertThat(payload.get("operation").asText()).isEqualTo("UPDATE");
        assertThat(payload.get("record").get("content").asText()).isEqualTo("edited");
        assertThat(payload.get("old_record")).hasToString(RECORD);
    }

    @Test
    void a_delete_has_the_old_row_alone() {
        JsonNode payload = only(messages.delete(messages.row()));

        assertThat(payload.get("operation").asText()).isEqualTo("DELETE");
        assertThat(payload.get("record").isNull()).isTrue();
        assertThat(payload.get("old_record")).hasToString(RECORD);
    }

    @Test
    void an_update_without_an_old_row_has_the_primary_key_as_its_old_record() {
        JsonNode payload = only(withoutOldRows.update(null, withoutOldRows.row()));

        assertThat(payload.get("record")).hasToString(RECORD);
        assertThat(payload.get("old_record")).hasToString("{\"id\":\"" + MESSAGE + "\"}");
    }

    @Test
    void of_an_old_key_nothing_but_the_key_is_told() {
        Row oldKey = withoutOldRows.row("id", ORG, "content", "invented");

        JsonNode payload = only(withoutOldRows.update(oldKey, withoutOldRows.row()));

        assertThat(payload.get("old_record")).hasToString("{\"id\":\"" + ORG + "\"}");
    }

    @Test
    void a_value_that_is_not_known_is_left_out() {
        Row after = withoutOldRows.withUnchanged(withoutOldRows.row(), "content");

        JsonNode record = only(withoutOldRows.update(null, after)).get("record");

        assertThat(record.has("content")).isFalse();
        assertThat(record.get("status").asText()).isEqualTo("sent");
    }

    @Test
    void a_value_that_the_update_left_alone_is_taken_from_the_old_row() {
        Row before = messages.row("content", "large");
        Row after = messages.withUnchanged(messages.row("status", "edited"), "content");

        JsonNode payload = only(messages.update(before, after));

        assertThat(payload.get("record").get("content").asText()).isEqualTo("large");
        assertThat(payload.get("record").get("status").asText()).isEqualTo("edited");
    }

    @Test
    void the_payloads_of_one_change_differ_in_nothing_but_the_id() {
        List<Event> events = mapped.of(messages.update(messages.row(), messages.row("status", "read")));

        assertThat(events).hasSize(4).allSatisfy(event -> assertThat(MappedEvents.text(event))
                .startsWith("{\"id\":\"" + event.position() + "\",")
                .endsWith(MappedEvents.text(events.getFirst()).substring(40)));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-01-02T03:04:05Z, 2025-01-02T03:04:05.000Z",
        "2025-01-02T03:04:05.0009Z, 2025-01-02T03:04:05.000Z",
        "2025-12-31T23:59:59.999999Z, 2025-12-31T23:59:59.999Z",
        "2024-02-29T00:00:00.050Z, 2024-02-29T00:00:00.050Z"
    })
    void the_time_of_commit_has_three_digits_of_a_second(Instant time, String text) {
        Change change =
                new Change(TestTable.ID, 1, time, Operation.INSERT, messages.relation(), null, messages.row(), null);

        assertThat(only(change).get("commit_timestamp").asText()).isEqualTo(text);
    }

    @Test
    void names_of_columns_are_escaped() {
        TestTable odd = TestTable.of("public", "messages", "organization_id", "conversation_id", "odd \"name\" é\n");
        Row row = odd.row("organization_id", ORG, "conversation_id", CONVERSATION, "odd \"name\" é\n", "value");

        assertThat(only(odd.insert(row)).get("record").get("odd \"name\" é\n").asText())
                .isEqualTo("value");
    }

    @Test
    void a_row_without_a_key_has_an_empty_old_record_where_it_leaves() {
        TestTable keyless = TestTable.of("public", "messages", "organization_id", "conversation_id");
        Row before = keyless.row("organization_id", ORG, "conversation_id", CONVERSATION);

        JsonNode payload = only(keyless.update(before, keyless.row()));

        assertThat(payload.get("old_record")).hasToString("{}");
    }

    private JsonNode only(Change change) {
        return MappedEvents.json(mapped.of(change).getFirst());
    }
}
