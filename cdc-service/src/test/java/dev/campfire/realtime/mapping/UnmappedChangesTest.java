package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Change.LogicalMessage;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnmappedChangesTest {

    private final TestTable messages = TestTable.messages(ReplicaIdentity.FULL);
    private final MappedEvents mapped = new MappedEvents();

    @ParameterizedTest
    @CsvSource({
        "organization_id,, ID_NULL",
        "conversation_id,, ID_NULL",
        "organization_id, '', ID_MALFORMED",
        "organization_id, org, ID_MALFORMED",
        "conversation_id, B5E80170-004C-4E82-A88C-3E2166B169DD, ID_MALFORMED",
        "conversation_id, b5e80170:004c-4e82-a88c-3e2166b169dd, ID_MALFORMED",
        "conversation_id, b5e80170-004c-4e82-a88c-3e2166b169dd:typing, ID_MALFORMED"
    })
    void a_row_whose_ids_are_missing_or_malformed_goes_nowhere(
            String column, @Nullable String id, UnmappedReason reason) {
        assertThat(mapped.of(messages.insert(messages.row(column, id)))).isEmpty();
        assertThat(mapped.of(messages.update(messages.row(column, id), messages.row(column, id))))
                .isEmpty();
        assertThat(mapped.of(messages.delete(messages.row(column, id)))).isEmpty();
        assertThat(mapped.count(reason)).isEqualTo(3);
    }

    @Test
    void a_table_of_the_name_without_the_columns_goes_nowhere() {
        TestTable other = TestTable.of("public", "messages", "id", "organization_id");

        assertThat(mapped.of(other.insert(other.row("organization_id", TestTable.ORG))))
                .isEmpty();
        assertThat(mapped.count(UnmappedReason.COLUMN_MISSING)).isOne();
    }

    @Test
    void a_delete_whose_old_row_is_not_logged_goes_nowhere() {
        TestTable withoutOldRows = TestTable.messages(ReplicaIdentity.DEFAULT);

        assertThat(mapped.of(withoutOldRows.delete(withoutOldRows.row()))).isEmpty();
        assertThat(mapped.count(UnmappedReason.ID_NOT_LOGGED)).isOne();
    }

    @Test
    void tables_without_rules_and_of_other_schemas_go_nowhere() {
        Stream.of(TestTable.of("public", "organization_members", "id"), TestTable.of("tenant", "messages", "id"))
                .forEach(table ->
                        assertThat(mapped.of(table.insert(table.row()))).isEmpty());

        assertThat(mapped.count(UnmappedReason.NO_RULE)).isEqualTo(2);
    }

    @Test
    void truncations_and_messages_of_the_log_go_nowhere() {
        LogicalMessage message = new LogicalMessage(true, "prefix", new byte[0]);

        assertThat(mapped.of(messages.change(Operation.TRUNCATE, null, null))).isEmpty();
        assertThat(mapped.of(new Change(
                        TestTable.ID, 0, TestTable.COMMIT_TIME, Operation.MESSAGE, null, null, null, message)))
                .isEmpty();
        assertThat(Stream.of(UnmappedReason.values()).mapToLong(mapped::count).sum())
                .isZero();
    }

    @Test
    void what_was_mapped_is_not_counted() {
        mapped.of(messages.insert(messages.row()));

        assertThat(Stream.of(UnmappedReason.values()).mapToLong(mapped::count).sum())
                .isZero();
    }
}
