package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowPayloadTest {

    private final TestTable messages = TestTable.messages(ReplicaIdentity.FULL);
    private final Change update = messages.update(messages.row(), messages.row("status", "read", "content", "new"));

    @Test
    void of_the_columns_that_may_be_seen_those_of_the_rule_are_told_in_both_images() {
        assertThat(rendered(RowPayload.Form.AS_IS, List.of("status", "content"), visible("id", "status")))
                .endsWith(",\"record\":{\"status\":\"read\"},\"old_record\":{\"status\":\"sent\"}}");
    }

    @Test
    void a_rule_without_columns_tells_of_all_that_may_be_seen() {
        assertThat(rendered(RowPayload.Form.ARRIVAL, null, visible("content", "status")))
                .endsWith(",\"record\":{\"content\":\"new\",\"status\":\"read\"},\"old_record\":null}");
    }

    @Test
    void a_rule_that_tells_of_no_column_tells_only_that_something_happened() {
        assertThat(rendered(RowPayload.Form.DEPARTURE, List.of(), visible("id")))
                .endsWith(",\"record\":null,\"old_record\":{}}");
    }

    @Test
    void columns_that_the_table_has_not_are_no_harm() {
        assertThat(rendered(RowPayload.Form.ARRIVAL, List.of("gone", "status"), visible("status")))
                .endsWith(",\"record\":{\"status\":\"read\"},\"old_record\":null}");
    }

    private String rendered(RowPayload.Form form, @Nullable List<String> columns, BitSet visible) {
        RowPayload payload = new RowPayload(update, messages.relation(), form, columns, new Position(update.id(), 1));
        return new String(payload.render(visible, true), StandardCharsets.UTF_8);
    }

    private BitSet visible(String... columns) {
        BitSet bits = new BitSet();
        for (String column : columns) {
            bits.set(messages.relation().indexOf(column));
        }
        return bits;
    }
}
