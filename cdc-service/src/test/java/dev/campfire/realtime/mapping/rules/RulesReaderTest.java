package dev.campfire.realtime.mapping.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.campfire.realtime.capture.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RulesReaderTest {

    private static final String HEAD = """
            version: 1
            tables:
              - table: orders
                belongs_to: [shop]
                channels:
                  shop: shop:{shop}
                  old: shop:{old.shop:uuid}
                events:
            """;

    @Test
    void reads_tables_channels_and_events_in_their_order() throws Exception {
        MappingRules rules = MappingRules.parse("f", HEAD + """
                  - event: order:paid
                    custom: true
                    operation: [UPDATE, INSERT]
                    when: changed(paid)
                    to: shop
                    payload: [id, total]
                  - {event: message:created, custom: true, operation: DELETE, to: [shop, old], payload: []}
            """);

        TableRules table = rules.find("public", "orders");
        assertThat(table.channels()).extracting(ChannelTemplate::name).containsExactly("shop", "old");
        EventRule paid = table.events().getFirst();
        assertThat(paid.event()).isEqualTo("order:paid");
        assertThat(paid.operations()).containsExactlyInAnyOrder(Operation.INSERT, Operation.UPDATE);
        assertThat(paid.condition().text()).isEqualTo("changed(paid)");
        assertThat(paid.payload()).extracting(ColumnText::name).containsExactly("id", "total");
        assertThat(table.events().getLast().channels()).containsExactly(0, 1);
        assertThat(table.events().getLast().payload()).isEmpty();
    }

    @Test
    void the_built_in_rules_are_without_mistakes() {
        assertThat(MappingRules.builtIn().tables())
                .extracting(TableRules::name)
                .containsExactly("public.messages", "public.conversations");
    }

    @Test
    void the_example_of_the_documentation_is_without_mistakes() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "mapping.md"));
        String example = page.substring(page.indexOf("```yaml") + 8, page.indexOf("```", page.indexOf("```yaml") + 8));

        assertThat(MappingRules.parse("mapping.md", example).events()).isEqualTo(4);
    }

    @Test
    void what_is_not_yaml_is_told_with_its_place() {
        assertThat(mistakes("version: 1\ntables: [\n"))
                .containsExactly("f:3:1: this is not YAML: expected the node content, but found '<stream end>'");
        assertThat(mistakes("")).containsExactly("f:1:1: the file is empty");
    }

    @Test
    void tells_all_mistakes_at_once_in_the_order_of_the_file() {
        assertThat(mistakes(HEAD + """
                  - event: message:created
                    operation: INSERTED
                    to: nowhere
                    extra: 1
                  - operation: UPDATE
                    custom: true
                    to: shop
            """))
                .containsExactly(
                        "f:10:20: \"INSERTED\" is no operation; there are INSERT, UPDATE and DELETE",
                        "f:11:13: there is no channel \"nowhere\"; this table has shop, old",
                        "f:12:9: \"extra\" is not known here; known are custom, event, operation, payload, to, when",
                        "f:13:9: \"event\" is missing");
    }

    @Test
    void names_outside_the_standard_need_to_be_called_custom() {
        assertThat(mistakes(HEAD + """
                  - event: order:paid
                    operation: INSERT
                    to: shop
            """))
                .containsExactly(
                        "f:9:16: the standard has no event \"order:paid\"; a name of your own needs  custom: true",
                        "f:11:13: the standard has no channels shop:{shop}; an event that goes there needs  custom: true");
    }

    @Test
    void names_of_the_standard_need_nothing() throws Exception {
        assertThat(MappingRules.parse("f", """
                version: 1
                tables:
                  - table: notes
                    belongs_to: [org:uuid]
                    channels: {widget: "org:{org}:widget:{id}"}
                    events: [{event: message:created, operation: INSERT, to: widget}]
                """).events()).isOne();
    }

    @Test
    void templates_are_told_off_where_they_are_wrong() {
        assertThat(mistakes("""
                version: 1
                tables:
                  - table: orders
                    belongs_to: [shop:number]
                    channels:
                      a: shop:{shop
                      b: "shop:}{shop}"
                      c: shop:{}
                      d: shop:{shop:base64}
                    events: []
                """))
                .containsExactly(
                        "f:4:23: \"number\" is no format of an id; known are name, uuid, encoded",
                        "f:6:15: a { without its }",
                        "f:7:16: a } without its {",
                        "f:8:16: a column's name is expected here",
                        "f:9:21: \"base64\" is no format of an id; known are name, uuid, encoded");
    }

    @Test
    void an_insert_cannot_go_where_only_the_old_row_says() {
        assertThat(mistakes(HEAD + """
                  - event: order:paid
                    custom: true
                    operation: [INSERT, UPDATE]
                    to: old
            """))
                .containsExactly("f:12:13: an INSERT has no old row, from which shop:{old.shop:uuid} could be named");
    }

    @Test
    void more_events_than_positions_can_count_are_refused() {
        StringBuilder many = new StringBuilder(HEAD);
        for (int i = 0; i < 129; i++) {
            many.append("      - {event: e, custom: true, operation: [DELETE, INSERT], to: shop}\n");
        }

        assertThat(mistakes(many.toString()))
                .containsExactly("f:3:5: one change could become 258 events; 256 are possible");
    }

    @Test
    void what_is_given_twice_is_told() {
        assertThat(mistakes("""
                version: 1
                version: 1
                tables:
                  - {table: a, belongs_to: [], channels: {}, events: []}
                  - {table: a, belongs_to: [], channels: {}, events: []}
                """))
                .containsExactly("f:2:1: \"version\" is given twice", "f:5:5: the rules of public.a are given twice");
    }

    @Test
    void what_stands_twice_in_a_list_is_told_as_nobody_wants_an_event_twice() {
        assertThat(mistakes("""
                version: 1
                tables:
                  - table: orders
                    belongs_to: [shop, shop]
                    channels: {shop: "shop:{shop}"}
                    events:
                      - {event: order:paid, custom: true, operation: UPDATE, to: [shop, shop], payload: [id, total, id]}
                """))
                .containsExactly(
                        "f:4:24: \"shop\" is given twice",
                        "f:7:73: \"shop\" is given twice",
                        "f:7:101: \"id\" is given twice");
    }

    @Test
    void what_is_not_utf_8_is_told_with_the_place_of_its_first_byte() {
        byte[] latin = "version: 1\ntables: [] # caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(mistakes(latin)).containsExactly("f:2:17: the byte 0xE9 is not UTF-8; save the file as UTF-8");
        assertThat(mistakes("version: 1".getBytes(StandardCharsets.UTF_16LE)))
                .isNotEmpty()
                .allMatch(mistake -> mistake.startsWith("f:1:"));
    }

    @Test
    void a_byte_order_mark_is_no_mistake() throws Exception {
        byte[] marked = "\uFEFFversion: 1\ntables: []\n".getBytes(StandardCharsets.UTF_8);

        assertThat(MappingRules.parse("f", marked).tables()).isEmpty();
    }

    @Test
    void of_a_huge_file_no_more_is_said_than_that() {
        assertThat(mistakes(new byte[MappingRules.MOST_BYTES + 1]))
                .containsExactly("f:1:1: the file has more than 4194304 bytes");
        assertThat(mistakes(("#" + "x".repeat(2 << 20)).getBytes(StandardCharsets.UTF_8)))
                .containsExactly("f:1:1: the file has more than 1048576 characters");
    }

    @Test
    void what_is_nested_without_end_is_told_and_not_followed() {
        assertThat(mistakes("tables: " + "[".repeat(200_000))).containsExactly("f:1:1: the file is nested too deeply");
    }

    @Test
    void tabs_and_control_characters_are_told_with_their_place() {
        assertThat(mistakes("version: 1\ntables:\n\t- table: a\n"))
                .singleElement()
                .asString()
                .startsWith("f:3:1: this is not YAML: found character '\\t(TAB)'");
        assertThat(mistakes("version: 1\ntables: \u0007\n"))
                .containsExactly("f:2:9: this is not YAML: the character U+0007 is not allowed");
    }

    @Test
    void anchors_stand_for_what_they_name_and_mistakes_in_them_are_told_where_that_stands() throws Exception {
        String yaml = """
                version: 1
                tables:
                  - table: orders
                    belongs_to: &home [shop]
                    channels: &channels {shop: "shop:{shop}"}
                    events: &events
                      - {event: placed, custom: true, operation: INSERT, to: shop, payload: *home}
                  - {table: returns, belongs_to: *home, channels: *channels, events: *events}
                """;

        assertThat(MappingRules.parse("f", yaml).find("public", "returns").events())
                .hasSize(1);
        assertThat(mistakes(yaml.replace("custom: true, ", "")))
                .contains("f:7:17: the standard has no event \"placed\"; a name of your own needs  custom: true");
        assertThat(mistakes(yaml.replace("*events", "*event")))
                .singleElement()
                .asString()
                .startsWith("f:8:70: this is not YAML");
    }

    @Test
    void a_list_where_a_map_belongs_is_told() {
        assertThat(mistakes("- 1\n")).first().isEqualTo("f:1:1: a map is expected here, such as  key: value");
        assertThat(mistakes("version: 1\ntables: none\n"))
                .containsExactly("f:2:9: \"tables\" must be a list, each item behind a  - ");
    }

    private static List<String> mistakes(byte[] bytes) {
        RulesException failure = catchThrowableOfType(RulesException.class, () -> MappingRules.parse("f", bytes));
        return failure.mistakes().stream().map(Mistake::toString).toList();
    }

    private static List<String> mistakes(String yaml) {
        RulesException failure = catchThrowableOfType(RulesException.class, () -> MappingRules.parse("f", yaml));
        return failure.mistakes().stream().map(Mistake::toString).toList();
    }
}
