package dev.campfire.realtime.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowConditionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = 'open'",
                "created_at > now() - interval '30 days'",
                "(a = 1 OR b IN (2, 3)) AND NOT c",
                "content = 'it''s; fine -- really /* yes */ $1 (' AND true",
                "\"odd;name\" = \"a\"\"b\"",
                "metadata ? 'key' AND metadata @> '{\"a\": 1}'",
                "day = date'2026-01-01'",
                "path = 'C:\\' AND size$kb > 1",
                "EXISTS (SELECT FROM others o WHERE o.id = id)"
            })
    void takes_one_expression(String sql) throws BackfillException {
        assertThat(RowCondition.of(sql).sql()).isEqualTo(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "true) OR (true",
                "true)",
                "(true",
                "true; DROP TABLE messages",
                "true -- the rest",
                "true /* the rest",
                "a = 'open",
                "a = \"open",
                "a = E'\\' OR true --'",
                "a = 1e'\\'",
                "a = $$;$$",
                "a = $1",
                "a = 'x\0'",
                "true\0"
            })
    void refuses_what_could_get_out_of_its_parentheses(String sql) {
        assertThatThrownBy(() -> RowCondition.of(sql)).isInstanceOf(BackfillException.class);
    }
}
