package dev.campfire.realtime.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import dev.campfire.realtime.mapping.rules.CompiledTable;
import dev.campfire.realtime.mapping.rules.MappingRules;
import dev.campfire.realtime.mapping.rules.RulesException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleMappingTest {

    private static final String ORDERS = """
            version: 1
            tables:
              - table: orders
                belongs_to: [shop]
                channels:
                  shop: shop:{shop}
                  order: shop:{shop}:order:{id}
                  courier: courier:{courier:encoded}
                events:
                  - {event: "order:placed", custom: true, operation: INSERT, to: [shop, order]}
                  - {event: "order:changed", custom: true, operation: UPDATE, to: order, payload: [id, total]}
                  - event: order:big
                    custom: true
                    operation: [INSERT, UPDATE]
                    when: new.total > 1000.0
                    to: shop
                  - event: order:given
                    custom: true
                    operation: UPDATE
                    when: changed(courier) && new.courier != null
                    to: courier
                  - {event: "order:gone", custom: true, operation: DELETE, to: [shop, order], payload: []}
            """;

    private static final Relation TABLE = orders(text("shop"), int8("id"), numeric("total"), text("courier"));

    private final UnmappedChanges unmapped = new UnmappedChanges();
    private final RuleMapping mapping = new RuleMapping(rules(ORDERS), unmapped);

    @Test
    void maps_a_table_of_any_domain_by_its_rules_alone() {
        assertThat(namesAndChannels(insert("mill", "1", "7.50", null)))
                .containsExactly("order:placed shop:mill", "order:placed shop:mill:order:1");
        assertThat(namesAndChannels(insert("mill", "1", "1000.01", null)))
                .containsExactly("order:placed shop:mill", "order:placed shop:mill:order:1", "order:big shop:mill");
    }

    @Test
    void numbers_the_events_of_a_change_in_the_order_of_the_file() {
        assertThat(events(insert("mill", "1", "2000", null)))
                .extracting(event -> event.position().ordinal())
                .containsExactly(0, 1, 2);
    }

    @Test
    void tells_of_the_columns_that_a_rule_names_in_the_payload_and_whenever_it_is_rendered_again() {
        Event event = events(update(values("mill", "1", "2", null), values("mill", "1", "3", null)))
                .getFirst();

        assertThat(new String(event.payload(), StandardCharsets.UTF_8))
                .endsWith("\"record\":{\"id\":1,\"total\":3},\"old_record\":{\"id\":1,\"total\":2}}");
        assertThat(event.row().render()).isEqualTo(event.payload());
        assertThat(event.row().columns()).containsExactly("id", "total");
    }

    @Test
    void a_row_that_moves_is_gone_where_it_was_and_placed_where_it_is() {
        Change change = update(values("mill", "1", "2", null), values("inn", "1", "2", null));

        assertThat(namesAndChannels(change))
                .containsExactly(
                        "order:gone shop:mill",
                        "order:gone shop:mill:order:1",
                        "order:placed shop:inn",
                        "order:placed shop:inn:order:1");
        assertThat(new String(events(change).getFirst().payload(), StandardCharsets.UTF_8))
                .endsWith("\"operation\":\"DELETE\",\"schema\":\"public\",\"table\":\"orders\","
                        + "\"commit_timestamp\":\"1970-01-01T00:00:00.000Z\",\"record\":null,\"old_record\":{}}");
    }

    @ParameterizedTest
    @CsvSource({"a b, courier:a%20b", "x:y, courier:x%3Ay", "ü, courier:%C3%BC", "A-z_0.~, courier:A-z_0.~"})
    void values_are_encoded_where_a_template_says_so(String courier, String channel) {
        assertThat(namesAndChannels(update(values("mill", "1", "2", null), values("mill", "1", "2", courier))))
                .containsExactly("order:changed shop:mill:order:1", "order:given " + channel);
    }

    @ParameterizedTest
    @CsvSource({"'', ID_MALFORMED", "'a:b', ID_MALFORMED", "' a', ID_MALFORMED", ", ID_NULL"})
    void a_value_that_cannot_name_a_channel_is_counted_and_names_none(@Nullable String shop, UnmappedReason reason) {
        assertThat(events(insert(shop, "1", "2", null))).isEmpty();
        assertThat(unmapped.count(reason)).isOne();
    }

    @Test
    void a_channel_that_would_be_too_long_takes_nothing_and_leaves_the_others_alone() {
        String courier = "c".repeat(250);

        assertThat(namesAndChannels(update(values("mill", "1", "2", null), values("mill", "1", "2", courier))))
                .containsExactly("order:changed shop:mill:order:1");
        assertThat(unmapped.count(UnmappedReason.ID_MALFORMED)).isOne();
    }

    @Test
    void a_condition_that_fails_makes_no_event_and_is_counted() {
        assertThat(namesAndChannels(insert("mill", "1", null, null))).hasSize(2);
        assertThat(unmapped.count(UnmappedReason.CONDITION_FAILED)).isOne();
    }

    @Test
    void a_rule_that_no_longer_fits_the_table_is_off_and_counted_once_and_the_others_go_on() {
        Relation altered = orders(text("shop"), int8("id"), text("total"));
        Row row = Row.of("mill", "1", "2000");

        for (int i = 0; i < 3; i++) {
            assertThat(namesAndChannels(change(altered, Operation.INSERT, null, row)))
                    .containsExactly("order:placed shop:mill", "order:placed shop:mill:order:1");
        }

        // order:big compares a text now, and order:given lacks its column, for the condition and for the channel.
        assertThat(unmapped.count(UnmappedReason.RULE_OFF)).isEqualTo(3);
    }

    @Test
    void tables_of_any_shape_are_no_harm() {
        Relation odd = orders(text("shop"), int8("id"), text(""), text("a.b c`"), text("\"\n"));

        assertThat(namesAndChannels(change(orders(), Operation.INSERT, null, Row.of())))
                .isEmpty();
        assertThat(namesAndChannels(change(odd, Operation.INSERT, null, Row.of("mill", "1", null, "", "y"))))
                .containsExactly("order:placed shop:mill", "order:placed shop:mill:order:1");
        assertThat(namesAndChannels(change(TABLE, Operation.UPDATE, Row.of("mill"), Row.of("mill"))))
                .isEmpty();
    }

    @Test
    void a_table_that_gets_its_column_back_has_all_its_rules_again() {
        Relation altered = orders(text("shop"), int8("id"), text("total"));
        mapping.map(change(altered, Operation.INSERT, null, Row.of("mill", "1", "2000")), event -> {});

        assertThat(namesAndChannels(insert("mill", "1", "2000", null))).contains("order:big shop:mill");
    }

    @Test
    void other_rules_are_in_force_from_the_next_change_on() {
        events(insert("mill", "1", "2", null));

        mapping.replace(rules(ORDERS.replace("order:placed", "order:begun")));

        assertThat(namesAndChannels(insert("mill", "1", "2", null)))
                .containsExactly("order:begun shop:mill", "order:begun shop:mill:order:1");
    }

    @Test
    void an_explanation_says_of_each_rule_why() {
        Explanation explanation = Explanation.of(
                CompiledTable.of(mapping.rules().find("public", "orders"), TABLE),
                update(values("mill", "1", "2", null), values("mill", "1", null, null)));

        assertThat(explanation.sides()).singleElement().satisfies(side -> assertThat(side.outcomes())
                .extracting(outcome -> outcome.rule().event() + " " + outcome.result())
                .containsExactly(
                        "order:placed OTHER_OPERATION",
                        "order:changed MATCHES",
                        "order:big CONDITION_FAILS",
                        "order:given CONDITION_DOES_NOT_HOLD",
                        "order:gone OTHER_OPERATION"));
        assertThat(explanation.events()).extracting(Event::name).containsExactly("order:changed");
    }

    private List<Event> events(Change change) {
        List<Event> events = new ArrayList<>();
        mapping.map(change, events::add);
        return events;
    }

    private List<String> namesAndChannels(Change change) {
        return events(change).stream()
                .map(event -> event.name() + " " + event.channel())
                .toList();
    }

    private static @Nullable String[] values(@Nullable String... values) {
        return values;
    }

    private static Change insert(@Nullable String... values) {
        return change(TABLE, Operation.INSERT, null, Row.of(values));
    }

    private static Change update(@Nullable String[] before, @Nullable String[] after) {
        return change(TABLE, Operation.UPDATE, Row.of(before), Row.of(after));
    }

    private static Change change(Relation table, Operation operation, @Nullable Row before, @Nullable Row after) {
        return new Change(new ChangeId(1, 2, 3), 4, Instant.EPOCH, operation, table, before, after, null);
    }

    private static Relation orders(Column... columns) {
        return new Relation(7, "public", "orders", ReplicaIdentity.FULL, List.of(columns));
    }

    private static Column text(String name) {
        return new Column(name, PostgresType.base(25, "text"), false, true);
    }

    private static Column int8(String name) {
        return new Column(name, PostgresType.base(20, "int8"), false, true);
    }

    private static Column numeric(String name) {
        return new Column(name, PostgresType.base(1700, "numeric"), false, true);
    }

    private static MappingRules rules(String yaml) {
        try {
            return MappingRules.parse("orders.yaml", yaml);
        } catch (RulesException e) {
            throw new AssertionError(e);
        }
    }
}
