package dev.campfire.realtime.mapping.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.campfire.realtime.capture.Change;
import dev.campfire.realtime.capture.ChangeId;
import dev.campfire.realtime.capture.Column;
import dev.campfire.realtime.capture.Operation;
import dev.campfire.realtime.capture.PostgresType;
import dev.campfire.realtime.capture.Relation;
import dev.campfire.realtime.capture.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Any text as a file of rules, and any text as a condition: used, or told as a mistake with its place. */
final class RulesFuzzTest {

    private static final Relation TABLE = new Relation(
            1,
            "public",
            "things",
            Relation.ReplicaIdentity.FULL,
            List.of(
                    new Column("a", PostgresType.base(25, "text"), true, true),
                    new Column("n", PostgresType.base(20, "int8"), false, true),
                    new Column("doc", PostgresType.base(3802, "jsonb"), false, true)));

    @FuzzTest
    void a_file_is_read_or_its_mistakes_are_told(byte[] text) {
        try {
            MappingRules rules = MappingRules.parse("f", new String(text, StandardCharsets.UTF_8));
            rules.tables()
                    .forEach(table -> assertThat(CompiledTable.of(table, TABLE)).isNotNull());
        } catch (RulesException e) {
            assertThat(e.mistakes())
                    .isNotEmpty()
                    .allMatch(mistake -> mistake.at().line() > 0);
        }
    }

    @FuzzTest
    void a_condition_is_judged_or_its_mistakes_are_told(byte[] text) throws RulesException {
        StringBuilder escaped = new StringBuilder();
        new String(text, StandardCharsets.UTF_8).chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        MappingRules rules;
        try {
            rules = MappingRules.parse("f", """
                    version: 1
                    tables:
                      - table: things
                        belongs_to: []
                        channels: {all: things}
                        events:
                          - {event: e, custom: true, operation: INSERT, to: all, when: "%s"}
                    """.replace("%s", escaped));
        } catch (RulesException e) {
            // Half a surrogate is no text in YAML, and blanks are none here.
            return;
        }
        CompiledTable table = CompiledTable.of(rules.tables().getFirst(), TABLE);
        Row row = Row.of("x", "7", "{\"k\": [1, null]}");
        Change change = new Change(new ChangeId(0, 1, 0), 0, Instant.EPOCH, Operation.INSERT, TABLE, null, row, null);
        table.rules(Operation.INSERT).forEach(rule -> assertThat(rule.judge(Images.of(change, TABLE)))
                .isNotNull());
    }
}
