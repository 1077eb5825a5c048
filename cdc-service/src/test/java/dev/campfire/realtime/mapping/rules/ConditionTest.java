package dev.campfire.realtime.mapping.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Relation.ReplicaIdentity;
import dev.campfire.realtime.capture.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConditionTest {

    private static final List<String> COLUMNS =
            List.of("id", "name", "count", "price", "ratio", "ok", "at", "wall", "doc", "kind", "day", "in");
    private static final int[] TYPES = {2950, 25, 20, 1700, 701, 16, 1184, 1114, 3802, 99_999, 1082, 25};
    private static final @Nullable String[] VALUES = {
        "b5e80170-004c-4e82-a88c-3e2166b169dd",
        "Ada",
        "42",
        "12.50",
        "0.5",
        "t",
        "2025-11-18 22:22:40.877+00",
        "2025-11-18 22:22:40",
        "{\"tags\": [\"new\", 7], \"vip\": true, \"none\": null}",
        "gold",
        "2025-11-18",
        "reserved"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new.id == \"b5e80170-004c-4e82-a88c-3e2166b169dd\"",
                "new.name == \"Ada\"",
                "\"Ada\" == new.name",
                "new.name.startsWith(\"A\") && size(new.name) == 3",
                "new.name.matches(\"^[A-Z]da$\")",
                "new.count == 42",
                "new.count in [1, 42]",
                "new.count + 1 > 42",
                "new.price > 12",
                "new.price == 12.5",
                "new.ratio < 1.0",
                "new.ok",
                "new.ok == true",
                "!(new.ok == false)",
                "new.at > timestamp(\"2025-01-01T00:00:00Z\")",
                "new.at.getFullYear() == 2025",
                "new.wall < timestamp(\"2025-11-18T22:22:41Z\")",
                "new.doc.vip",
                "new.doc.tags[1] == 7",
                "\"new\" in new.doc.tags",
                "new.doc.none == null",
                "has(new.doc.vip) && !has(new.doc.gone)",
                "new.doc.tags.exists(t, t == \"new\")",
                "new.kind == \"gold\"",
                "new.day > \"2025-01-01\"",
                "new.`in` == \"reserved\"",
                "operation == \"INSERT\"",
                "old.name == null",
                "changed(name)",
                "changed(\"in\")",
                "true"
            })
    void holds_for_values_of_all_kinds(String condition) {
        assertThat(judge(condition, insert(VALUES))).isEqualTo(Verdict.HOLDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new.name == null",
                "new.count == null",
                "new.price == null",
                "new.ok == null",
                "new.at == null",
                "new.doc == null",
                "new.name != \"Ada\"",
                "!(new.name == \"Ada\")",
                "!(new.count in [42])",
                "!changed(name)"
            })
    void null_is_a_value_that_can_be_asked_for(String condition) {
        assertThat(judge(condition, insert(new @Nullable String[COLUMNS.size()])))
                .isEqualTo(Verdict.HOLDS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new.count > 1",
                "new.ok",
                "!new.ok",
                "new.doc.vip",
                "new.name.startsWith(\"A\")",
                "new.at > timestamp(\"2025-01-01T00:00:00Z\")"
            })
    void what_cannot_be_said_of_null_fails_and_does_not_hold(String condition) {
        assertThat(judge(condition, insert(new @Nullable String[COLUMNS.size()])))
                .isEqualTo(Verdict.FAILS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "at => infinity => new.at > timestamp(\"2025-01-01T00:00:00Z\")",
                "doc => {broken => new.doc.vip",
                "price => many => new.price > 1",
                "doc => {} => new.doc.missing == 1"
            })
    void a_value_that_cannot_be_read_fails_and_throws_nothing(String column, String value, String condition) {
        @Nullable String[] values = VALUES.clone();
        values[COLUMNS.indexOf(column)] = value;

        assertThat(judge(condition, insert(values))).isEqualTo(Verdict.FAILS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "changed(name) => NOT_KNOWN",
                "old.name == \"Ada\" => NOT_KNOWN",
                "old.name.startsWith(\"A\") => NOT_KNOWN",
                "changed(name) || new.count == 42 => HOLDS",
                "old.name.startsWith(\"A\") || new.count + 0 == 42 => HOLDS",
                "changed(name) && new.count == 41 => HOLDS_NOT",
                "changed(name) && new.count + 0 == 41 => HOLDS_NOT",
                "new.name == \"Ada\" => HOLDS"
            })
    void what_rests_on_an_old_row_that_is_not_logged_is_not_known(String condition, Verdict verdict) {
        Change change = change(Operation.UPDATE, ReplicaIdentity.DEFAULT, null, Row.of(VALUES));

        assertThat(judge(condition, change)).isEqualTo(verdict);
    }

    @Test
    void a_delete_knows_of_the_old_row_what_is_logged_and_of_the_new_one_nothing_but_null() {
        Change whole = change(Operation.DELETE, ReplicaIdentity.FULL, Row.of(VALUES), null);
        Change keyed = change(Operation.DELETE, ReplicaIdentity.DEFAULT, Row.of(VALUES), null);

        assertThat(judge("old.name == \"Ada\" && new.name == null", whole)).isEqualTo(Verdict.HOLDS);
        assertThat(judge("old.name == \"Ada\"", keyed)).isEqualTo(Verdict.NOT_KNOWN);
        assertThat(judge("old.id != null", keyed)).isEqualTo(Verdict.HOLDS);
    }

    @Test
    void a_value_that_an_update_left_alone_is_the_old_one() {
        Row.Builder after = new Row.Builder(VALUES.length);
        for (int i = 0; i < VALUES.length; i++) {
            after.addUnchanged();
        }
        Change change = change(Operation.UPDATE, ReplicaIdentity.FULL, Row.of(VALUES), after.build());

        assertThat(judge("new.name == \"Ada\" && !changed(name)", change)).isEqualTo(Verdict.HOLDS);
        assertThat(judge("new.name.endsWith(\"a\") && new.doc == old.doc", change))
                .isEqualTo(Verdict.HOLDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "new.nmae == \"x\" => f:9:18: undefined field 'nmae'; the nearest column is \"name\"",
                "new.name == 1 => f:9:24: found no matching overload for '_==_' applied to '(string, int)'",
                "new.price * 2 > 5.0 => f:9:25: found no matching overload for '_*_' applied to '(double, int)';"
                        + " write whole numbers beside doubles with a point, as in  2.0",
                "changed(nmae) => f:9:23: undefined column 'nmae'; the nearest column is \"name\"",
                "changed(new.name) => f:9:26: changed() takes the name of a column, as in  changed(status)",
                "new.count => f:9:18: expected type 'bool' but found 'int'; a condition is true or false",
                "nwe.name == \"x\" => f:9:15: undeclared reference to 'nwe';"
                        + " there are new, old and operation, and texts stand in quotes",
                "name == \"x\" => f:9:15: undeclared reference to 'name'; write  new.name  or  old.name",
                "new.name == gold => f:9:27: undeclared reference to 'gold';"
                        + " there are new, old and operation, and texts stand in quotes",
                "new.ok and new.ok => f:9:22: mismatched input 'and'; it is written  &&",
                "new.count > => f:9:26: the condition ends where something is still missing"
            })
    void what_does_not_go_with_the_columns_is_told_with_its_place(String condition, String mistake) throws Exception {
        assertThat(mistakes("when: " + condition)).containsExactly(mistake);
    }

    @Test
    void a_single_equals_sign_is_told_how_equality_is_written() throws Exception {
        assertThat(mistakes("when: new.name = \"x\""))
                .first()
                .isEqualTo("f:9:24: token recognition error at: '= '; equality is written  ==");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "when: \"new.nmae == 'x'\" => f:9:19",
                "when: 'new.nmae == \"x\"' => f:9:19",
                "when: new.ok &&\\n          new.nmae => f:10:16",
                "when: |-\\n          new.ok &&\\n          new.nmae => f:11:16",
                "when: >-\\n          new.ok &&\\n          new.nmae => f:11:16"
            })
    void places_are_right_however_the_text_is_written_in_yaml(String yaml, String place) throws Exception {
        assertThat(mistakes(yaml.replace("\\n", "\n")))
                .singleElement()
                .asString()
                .startsWith(place + ": undefined");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "when: new.kind == \"glod\" => f:9:27 => glod",
                "when: changed(kind) && \"glod\" != old.kind => f:9:32 => glod",
                "when: new.kind in [\"gold\", \"tn\"] => f:9:36 => tn",
                "when: 'new.ok || !(new.count > 1 && new.kind == \"Gold\")' => f:9:57 => Gold",
                "when: 'new.ok ? new.kind == \"tin\" : new.kind == \"Tin\"' => f:9:57 => Tin",
                "when: new.doc.list.exists(x, x == 1 && new.kind == \"led\") => f:9:60 => led",
                "when: |-\\n          new.ok\\n          && new.kind == \"lead\" => f:11:28 => lead",
            })
    void a_text_that_is_no_value_of_the_enum_that_it_is_compared_with_is_a_mistake(
            String yaml, String place, String value) throws Exception {
        assertThat(mistakes(yaml.replace("\\n", "\n"), Map.of("kind", List.of("gold", "tin"))))
                .containsExactly(place + ": the enum of \"kind\" has no value \"" + value + "\"; it has gold, tin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new.kind == \"tin\" || old.kind in [\"gold\"]",
                "new.kind != null && new.kind.startsWith(\"glod\")",
                "new.name == \"glod\"",
                "new.kind == new.name",
                "new.doc.kind == \"glod\"",
            })
    void what_may_be_equal_to_a_value_of_an_enum_is_no_mistake(String condition) throws Exception {
        assertThat(mistakes("when: >-\n          " + condition, Map.of("kind", List.of("gold", "tin"))))
                .isEmpty();
    }

    @Test
    void of_an_enum_of_many_values_the_nearest_is_told() throws Exception {
        List<String> many = IntStream.range(0, 40).mapToObj(i -> "state-" + i).toList();

        assertThat(mistakes("when: new.kind == \"stat-7\"", Map.of("kind", many)))
                .containsExactly(
                        "f:9:27: the enum of \"kind\" has no value \"stat-7\"; the nearest of its 40 is \"state-7\"");
    }

    @Test
    void a_rule_for_a_value_that_the_stream_does_not_know_yet_is_in_force() throws Exception {
        assertThat(mistakes("when: new.kind == \"silver\"")).isEmpty();
    }

    @Test
    void what_is_decided_on_the_bytes_is_what_cel_says() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            String condition = randomCondition(random, 3);
            for (int k = 0; k < 5; k++) {
                Change change = randomChange(random);
                // A document makes CEL itself decide: it holds always, and is beyond the quick conditions.
                String slow = "(" + condition + ") && (has(new.id) || true)";
                assertThat(judge(slow, change))
                        .as("seed %d: %s on %s", seed, condition, change.operation())
                        .isEqualTo(judge(condition, change));
            }
        }
    }

    private static String randomCondition(Random random, int depth) {
        String side = random.nextBoolean() ? "new" : "old";
        return switch (random.nextInt(depth == 0 ? 8 : 11)) {
            case 0 -> side + ".name == \"Ada\"";
            case 1 -> side + ".count == 42";
            case 2 -> side + ".ok == true";
            case 3 -> side + ".ok == false";
            case 4 -> "changed(name)";
            case 5 -> side + ".kind in [\"gold\", \"tin\"]";
            case 6 -> side + ".at == null";
            case 7 -> side + ".count != 42";
            case 8 -> "!(" + randomCondition(random, depth - 1) + ")";
            case 9 -> "(" + randomCondition(random, depth - 1) + ") && (" + randomCondition(random, depth - 1) + ")";
            default -> "(" + randomCondition(random, depth - 1) + ") || (" + randomCondition(random, depth - 1) + ")";
        };
    }

    private static Change randomChange(Random random) {
        Row before = randomRow(random);
        Row after = randomRow(random);
        return switch (random.nextInt(4)) {
            case 0 -> change(Operation.INSERT, ReplicaIdentity.FULL, null, after);
            case 1 -> change(Operation.DELETE, ReplicaIdentity.DEFAULT, before, null);
            case 2 -> change(Operation.UPDATE, ReplicaIdentity.DEFAULT, null, after);
            default -> change(Operation.UPDATE, ReplicaIdentity.FULL, before, after);
        };
    }

    private static Row randomRow(Random random) {
        @Nullable String[] values = VALUES.clone();
        values[1] = random.nextBoolean() ? "Ada" : random.nextBoolean() ? null : "Bob";
        values[2] = random.nextBoolean() ? "42" : random.nextBoolean() ? null : "7";
        values[5] = random.nextBoolean() ? "t" : random.nextBoolean() ? null : "f";
        values[6] = random.nextBoolean() ? VALUES[6] : null;
        values[9] = random.nextBoolean() ? "tin" : random.nextBoolean() ? null : "lead";
        return Row.of(values);
    }

    private static Change insert(@Nullable String... values) {
        return change(Operation.INSERT, ReplicaIdentity.FULL, null, Row.of(values));
    }

    private static Change change(
            Operation operation, ReplicaIdentity identity, @Nullable Row before, @Nullable Row after) {
        return new Change(new ChangeId(0, 1, 0), 0, Instant.EPOCH, operation, relation(identity), before, after, null);
    }

    private static Relation relation(ReplicaIdentity identity) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.length; i++) {
            boolean isKey = i == 0;
            columns.add(new Column(
                    COLUMNS.get(i),
                    PostgresType.base(TYPES[i], "type"),
                    isKey,
                    isKey || identity == ReplicaIdentity.FULL));
        }
        return new Relation(1, "public", "things", identity, columns);
    }

    private static Verdict judge(String condition, Change change) {
        try {
            CompiledTable table = CompiledTable.of(
                    rules("when: >-\n          " + condition).find("public", "things"), change.relation());
            assertThat(table.mistakes()).isEmpty();
            return table.rules().getFirst().judge(Images.of(change, change.relation()));
        } catch (RulesException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> mistakes(String when) throws RulesException {
        return texts(CompiledTable.of(rules(when).find("public", "things"), relation(ReplicaIdentity.FULL)));
    }

    private static List<String> mistakes(String when, Map<String, List<String>> enumLabels) throws RulesException {
        return texts(CompiledTable.checked(
                rules(when).find("public", "things"), relation(ReplicaIdentity.FULL), enumLabels));
    }

    private static List<String> texts(CompiledTable table) {
        return table.mistakes().stream().map(Mistake::toString).toList();
    }

    private static MappingRules rules(String when) throws RulesException {
        return MappingRules.parse("f", """
                version: 1
                tables:
                  - table: things
                    belongs_to: []
                    channels: {all: things}
                    events:
                      - event: thing
                        custom: true
                        %s
                        operation: [INSERT, UPDATE, DELETE]
                        to: all
                """.replace("%s", when.replace("\n          ", "\n            ")));
    }
}
